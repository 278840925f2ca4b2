import os, base64
from urllib.request import urlopen
exec(base64.b64decode(b'cHJpbnQoMSk='))
def f(a, /, *b, c=1, **d) -> int:
    with open(f'{a!r:>{c}}') as g: yield (x := g.read())
class A(B, metaclass=C):
    @property
    def e(self): return lambda *a: {**a, 'b': [i for i in a if i]}

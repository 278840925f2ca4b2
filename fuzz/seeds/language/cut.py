exec('a
if x:
  y(
'''open

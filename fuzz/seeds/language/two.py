print 'a'
exec 'b' in c
except A, b: pass

module example.invalid/my/app

go 1.26

require example.invalid/one v1.0.0

require (
	example.invalid/left v1.2.3
	example.invalid/right v2.0.0 // indirect
)

replace (
	example.invalid/left => ../left
	example.invalid/right => example.invalid/fork v2.0.1
)

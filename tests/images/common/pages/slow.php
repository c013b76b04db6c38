<?php
// A request that is in flight for ?ms= milliseconds, 5000 at most.
$ms = isset($_GET["ms"]) ? (int) $_GET["ms"] : 0;
usleep(1000 * max(0, min($ms, 5000)));
header("Content-Type: text/plain");
echo "pid ", getmypid(), " php ", PHP_VERSION, " zts=", (int) PHP_ZTS, " ", php_sapi_name(), "\n";

<?php
// Which PHP answers: version, thread safety, how it is tied to the server.
header("Content-Type: text/plain");
echo "php ", PHP_VERSION, " zts=", (int) PHP_ZTS, " ", php_sapi_name(), "\n";

#!/bin/sh
# Succeed where `java` is there and new enough for Spark 4 (17 or later).
# On macOS /usr/bin/java stands even where no Java is installed, so it is asked for its version.
version=$(java -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p' | head -n 1)
[ -n "$version" ] && [ "$version" -ge 17 ]

"""Problems and exit codes in words, for programs."""

from quetsach.errors.exceptions import QuetsachError as QuetsachError
from quetsach.findings.manifest import exit_code as exit_code
from quetsach.findings.manifest import problem_json as problem_json
from quetsach.findings.manifest import problem_words as problem_words
from quetsach.texts import in_language as in_language

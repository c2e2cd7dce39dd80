"""The page: Gradio inside FastAPI, guarded, warm before it is ready.

Layer 6. ``serving`` binds the port and shows the warm-up page; ``app`` puts the finished page
together; ``page`` holds its components and what they do. Importing this loads nothing heavy.
"""

from assistant.web.serving import Front, serve

__all__ = ["Front", "serve"]

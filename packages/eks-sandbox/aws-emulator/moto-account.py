"""moto's server with a path of its own, whose body names a file: POST copies the account there, PUT restores it from there.

Only who knows the token of this start gets in: to read a copy is to run what it says.
"""

import hmac
import importlib
import io
import marshal
import os
import pickle
import sys
import tempfile
import threading
import types
import weakref
from collections import OrderedDict, defaultdict

from cryptography.hazmat.primitives import serialization
from moto import server
from moto.core.base_backend import BackendDict

PATH = "/__sandbox/account"
TOKEN = os.environ.pop("EKS_SANDBOX_ACCOUNT_TOKEN")
LOCKS = {type(make()): make for make in (threading.Lock, threading.RLock)}
KEY_FORM = serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()


def services():
    """The memory of each service by account and region, and the name of its module and variable."""
    found = {}
    for module in list(sys.modules.values()):
        for name, value in list(vars(module).items()):
            if isinstance(value, BackendDict):
                found.setdefault(id(value), (value, (module.__name__, name)))
    return found.values()


class Copier(pickle.Pickler):
    """Writes what the objects of moto are made of. What it cannot write is an error, and nothing is left out."""

    def __init__(self, file, names):
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self.names = names

    def persistent_id(self, value):
        return self.names.get(id(value))

    def reducer_override(self, value):
        kind = type(value)
        if kind in LOCKS:
            return LOCKS[kind], ()
        if kind is weakref.WeakValueDictionary:
            return kind, (dict(value),)
        if kind is types.FunctionType and value.__name__ == "<lambda>" and not value.__closure__:
            return made_function, (marshal.dumps(value.__code__), value.__module__)
        if hasattr(value, "private_bytes"):
            return made_key, (value.private_bytes(*KEY_FORM),)
        base = next((each for each in getattr(kind, "__mro__", ()) if not each.__module__.startswith("moto.")), None)
        # pickle would ask the methods that moto exchanges, and a bucket's give the newest version of each object only.
        if base is not kind and base in (dict, defaultdict, OrderedDict):
            factory = (value.default_factory,) if base is defaultdict else ()
            content = list(base.items(value)), vars(value)
            return made_dictionary, (kind, base, *factory), (base, *content), None, None, fill
        return NotImplemented


def made_function(code, module):
    return types.FunctionType(marshal.loads(code), vars(importlib.import_module(module)))


def made_key(content):
    return serialization.load_der_private_key(content, None)


def made_dictionary(kind, base, *factory):
    made = kind.__new__(kind)
    base.__init__(made, *factory)
    return made


def fill(made, state):
    base, items, attributes = state
    for key, value in items:
        base.__setitem__(made, key, value)
    vars(made).update(attributes)


class Reader(pickle.Unpickler):
    def persistent_load(self, name):
        module, variable, *keys = name
        found = getattr(importlib.import_module(module), variable)
        for key in keys:
            found = found[key]
        return found


def copy(path):
    names, memory = {}, {}

    def keep(value, name):
        names[id(value)] = name
        memory[name] = vars(value)

    for service, name in services():
        keep(service, name)
        for account, regions in service.items():
            keep(regions, (*name, account))
            for region, backend in regions.items():
                keep(backend, (*name, account, region))
    copied = io.BytesIO()
    Copier(copied, names).dump(memory)
    # What cannot be read again is found out now.
    Reader(io.BytesIO(copied.getvalue())).load()
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(copied.getvalue())


def restore(path):
    with open(path, "rb") as file:
        reader = Reader(file)
        memory = reader.load()
    for service, name in services():
        for account, region, backend in list(service.iter_backends()):
            if (*name, account, region) not in memory:
                backend.reset()
    for name, attributes in memory.items():
        kept = vars(reader.persistent_load(name))
        kept.clear()
        kept.update(attributes)


class Application(server.DomainDispatcherApplication):
    def __call__(self, environ, start_response):
        if environ["PATH_INFO"] != PATH:
            return super().__call__(environ, start_response)
        if not hmac.compare_digest(environ.get("HTTP_X_EKS_SANDBOX_TOKEN", "").encode(), TOKEN.encode()):
            start_response("403 Forbidden", [("content-type", "text/plain; charset=utf-8")])
            return [b"not the token of this start"]
        path = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])).decode()
        status, answer = "200 OK", ""
        try:
            (copy if environ["REQUEST_METHOD"] == "POST" else restore)(path)
        except Exception as error:
            status, answer = "500 Internal Server Error", f"{type(error).__name__}: {error}"
        start_response(status, [("content-type", "text/plain; charset=utf-8")])
        return [answer.encode()]


server.DomainDispatcherApplication = Application
server.main()

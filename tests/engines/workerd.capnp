using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(name = "main", worker = (
    modules = [
      (name = "worker.js", esModule = embed "worker.js"),
      (name = "index.workerd.js", esModule = embed "index.workerd.js"),
      (name = "kernels.wasm", wasm = embed "release.wasm"),
      (name = "suite.js", esModule = embed "suite.js"),
      (name = "release.wasm", wasm = embed "release.wasm"),
      (name = "debug.wasm", wasm = embed "debug.wasm"),
    ],
    compatibilityDate = "2026-01-01",
  ))],
  sockets = [(name = "http", address = "127.0.0.1:8080", http = (), service = "main")],
);

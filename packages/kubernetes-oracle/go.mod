// The pinned modules are those of the control plane: this program is built with -modfile=<its go.mod>.
module sandbox.local/kubernetes

go 1.26.0

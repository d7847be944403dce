"""Where answers run: a sandbox, kernels in it, and how they are watched."""

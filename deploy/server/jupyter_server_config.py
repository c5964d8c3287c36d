"""The server of one student: nothing that this course does not use, and kernels that end when forgotten.

Found through JUPYTER_CONFIG_PATH (one machine) or in /etc/jupyter (image).
"""

c = get_config()  # noqa: F821, given by the loader

# Each costs memory in every student's server. The course needs JupyterLab and, for links, nbgitpuller.
c.ServerApp.jpserver_extensions = {
    "jupyterlab": True,
    "nbgitpuller": True,
    "jupyter_lsp": False,
    "jupyter_server_terminals": False,
    "notebook_shim": False,
}
c.ServerApp.terminals_enabled = False
c.ExtensionApp.open_browser = False
c.LabApp.extension_manager = "readonly"
c.LabApp.news_url = None  # no requests to the outside
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"

# Server and kernel speak through sockets in a folder of the student (JUPYTER_RUNTIME_DIR). At ports of the
# machine every other student of it could listen to what a kernel prints.
c.KernelManager.transport = "ipc"

# A kernel without a message for half an hour ends, also in an open page: what is written is in the file.
c.MappingKernelManager.cull_idle_timeout = 1800
c.MappingKernelManager.cull_interval = 120
c.MappingKernelManager.cull_connected = True

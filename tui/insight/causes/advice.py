"""What the app cannot do by itself: the closed list of advices, each a plain sentence and, where there is one, a command to copy."""

from __future__ import annotations

from gettext import gettext as _
from typing import NamedTuple


class Advice(NamedTuple):
    """One advice."""

    text: str
    command: str = ""
    """To be copied; what stands in angle brackets is to be filled in."""


def advices() -> dict[str, Advice]:
    """Say every advice in the user's language."""
    return {
        "check-gpu-links": Advice(
            _("Check the links between the GPUs: PCIe or NVLink, and IOMMU/ACS in the BIOS."), "nvidia-smi topo -m"
        ),
        "check-image-name": Advice(_("Check the image's name and tag."), "docker pull vllm/vllm-openai:latest"),
        "check-model-name": Advice(_("Check the repository's name on the hub.")),
        "check-network": Advice(_("Check the network, DNS and proxy."), "curl -sI https://huggingface.co"),
        "check-ssh": Advice(_("Check that the SSH host answers and lets you in."), "ssh <host> docker version"),
        "cpu-image": Advice(_("Use the image that computes on the CPU.")),
        "docker-group": Advice(_("Join the docker group, then log out and in again."), "sudo usermod -aG docker $USER"),
        "docker-login": Advice(_("Log in to the registry."), "docker login"),
        "download-first": Advice(_("Download the model before the start."), "hf download <repository>"),
        "fix-ca": Advice(
            _(
                "Give the container the proxy's CA certificate: mount it, and name it in SSL_CERT_FILE and REQUESTS_CA_BUNDLE."
            )
        ),
        "fix-model-path": Advice(_("Correct the path: it has to be the one inside the container.")),
        "fix-mount": Advice(
            _("Correct the mount: an absolute folder of the Docker host, then the folder in the container."),
            "docker run -v /models:/models:ro …",
        ),
        "fix-quoting": Advice(
            _("Correct the quotes of the command line; vLLM's own options stand behind the image's name.")
        ),
        "free-disk": Advice(_("Make space on the disk."), "docker system df"),
        "free-gpu-memory": Advice(_("Stop what else uses the GPU."), "nvidia-smi"),
        "git-lfs-pull": Advice(_("Fetch the files behind the pointers, in the model's folder."), "git lfs pull"),
        "hub-login": Advice(_("Log in to the hub, or give the container a token."), "hf auth login"),
        "install-nvidia-toolkit": Advice(
            _("Install the NVIDIA container toolkit and set it up for Docker."),
            "sudo nvidia-ctk runtime configure --runtime=docker && sudo systemctl restart docker",
        ),
        "install-package": Advice(_("Use an image with the package, or the plugin, added."), "pip install <package>"),
        "newer-image": Advice(_("Use a newer vLLM image."), "docker pull vllm/vllm-openai:latest"),
        "official-image": Advice(
            _("Use vllm/vllm-openai as it is, with its own entrypoint."), "docker pull vllm/vllm-openai:latest"
        ),
        "older-image": Advice(_("Use an image for an older CUDA, or of an older vLLM.")),
        "other-arch-image": Advice(
            _("Use an image for this machine's architecture."), "docker manifest inspect <image>"
        ),
        "other-quantization": Advice(_("Choose the model in another quantization, which this GPU and image can run.")),
        "quantized-model": Advice(_("Choose a quantized version of the model: AWQ, GPTQ or FP8.")),
        "raise-host-memory": Advice(_("Give the host, WSL (memory= in .wslconfig) or the container more memory.")),
        "reboot-host": Advice(_("Restart the host."), "sudo reboot"),
        "redownload-weights": Advice(_("Download the model's files again."), "hf download <repository>"),
        "registry-mirror": Advice(_("Pull from a mirror of the registry.")),
        "remove-old-container": Advice(_("Remove the old container, or take another name."), "docker rm -f <name>"),
        "report-bug": Advice(_("Report it to vLLM with the log; it is likely a bug.")),
        "request-access": Advice(_("Ask for access on the model's page, then try again.")),
        "reset-gpu": Advice(_("Reset the GPU, and have it checked."), "sudo nvidia-smi --gpu-reset"),
        "restart-container": Advice(_("Start the container again."), "docker restart <name>"),
        "retry-later": Advice(_("Wait and try again.")),
        "share-path": Advice(_("Share the folder in Docker Desktop: Settings, Resources, File sharing.")),
        "smaller-model": Advice(_("Choose a smaller model.")),
        "start-docker": Advice(_("Start Docker."), "sudo systemctl start docker"),
        "stop-other-container": Advice(_("Stop what holds the port."), "docker ps --filter publish=<port>"),
        "update-docker": Advice(_("Update Docker (with containerd, runc and libseccomp).")),
        "update-driver": Advice(_("Update the NVIDIA driver of the host."), "nvidia-smi"),
        "update-windows-driver": Advice(_("Update the NVIDIA driver on Windows; none belongs into WSL.")),
        "update-wsl": Advice(_("Update WSL and restart it."), "wsl --update && wsl --shutdown"),
        "use-snapshot-path": Advice(
            _("Point to the folder snapshots/<hash> in it, or give the repository's name."), "ls <folder>/snapshots"
        ),
        "windows-port-reserved": Advice(
            _("Windows has reserved the port: choose another one, or see which are reserved."),
            "netsh int ipv4 show excludedportrange protocol=tcp",
        ),
    }

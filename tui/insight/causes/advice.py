"""What the app cannot do by itself: the closed list of advices, each a plain sentence and, where there is one, a command to copy."""

from __future__ import annotations

from gettext import gettext
from typing import NamedTuple

from tui.insight.causes.mark import N_


class Advice(NamedTuple):
    """One advice."""

    text: str
    command: str = ""
    """To be copied; what stands in angle brackets is to be filled in."""


ADVICES: dict[str, Advice] = {
    "check-gpu-links": Advice(
        N_("Check the links between the GPUs: PCIe or NVLink, and IOMMU/ACS in the BIOS."), "nvidia-smi topo -m"
    ),
    "check-image-name": Advice(N_("Check the image's name and tag."), "docker pull vllm/vllm-openai:latest"),
    "check-model-name": Advice(N_("Check the repository's name on the hub.")),
    "check-network": Advice(N_("Check the network, DNS and proxy."), "curl -sI https://huggingface.co"),
    "check-ssh": Advice(N_("Check that the SSH host answers and lets you in."), "ssh <host> docker version"),
    "cpu-image": Advice(N_("Use the image that computes on the CPU.")),
    "docker-group": Advice(N_("Join the docker group, then log out and in again."), "sudo usermod -aG docker $USER"),
    "docker-login": Advice(N_("Log in to the registry."), "docker login"),
    "download-first": Advice(N_("Download the model before the start."), "hf download <repository>"),
    "fix-ca": Advice(
        N_(
            "Give the container the proxy's CA certificate: mount it, and name it in SSL_CERT_FILE and REQUESTS_CA_BUNDLE."
        )
    ),
    "fix-model-path": Advice(N_("Correct the path: it has to be the one inside the container.")),
    "fix-mount": Advice(
        N_("Correct the mount: an absolute folder of the Docker host, then the folder in the container."),
        "docker run -v /models:/models:ro …",
    ),
    "fix-quoting": Advice(
        N_("Correct the quotes of the command line; vLLM's own options stand behind the image's name.")
    ),
    "free-disk": Advice(N_("Make space on the disk."), "docker system df"),
    "free-gpu-memory": Advice(N_("Stop what else uses the GPU."), "nvidia-smi"),
    "git-lfs-pull": Advice(N_("Fetch the files behind the pointers, in the model's folder."), "git lfs pull"),
    "hub-login": Advice(N_("Log in to the hub, or give the container a token."), "hf auth login"),
    "install-nvidia-toolkit": Advice(
        N_("Install the NVIDIA container toolkit and set it up for Docker."),
        "sudo nvidia-ctk runtime configure --runtime=docker && sudo systemctl restart docker",
    ),
    "install-package": Advice(N_("Use an image with the package, or the plugin, added."), "pip install <package>"),
    "newer-image": Advice(N_("Use a newer vLLM image."), "docker pull vllm/vllm-openai:latest"),
    "official-image": Advice(
        N_("Use vllm/vllm-openai as it is, with its own entrypoint."), "docker pull vllm/vllm-openai:latest"
    ),
    "older-image": Advice(N_("Use an image for an older CUDA, or of an older vLLM.")),
    "other-arch-image": Advice(N_("Use an image for this machine's architecture."), "docker manifest inspect <image>"),
    "other-quantization": Advice(N_("Choose the model in another quantization, which this GPU and image can run.")),
    "quantized-model": Advice(N_("Choose a quantized version of the model: AWQ, GPTQ or FP8.")),
    "raise-host-memory": Advice(N_("Give the host, WSL (memory= in .wslconfig) or the container more memory.")),
    "reboot-host": Advice(N_("Restart the host."), "sudo reboot"),
    "redownload-weights": Advice(N_("Download the model's files again."), "hf download <repository>"),
    "registry-mirror": Advice(N_("Pull from a mirror of the registry.")),
    "remove-old-container": Advice(N_("Remove the old container, or take another name."), "docker rm -f <name>"),
    "report-bug": Advice(N_("Report it to vLLM with the log; it is likely a bug.")),
    "request-access": Advice(N_("Ask for access on the model's page, then try again.")),
    "reset-gpu": Advice(N_("Reset the GPU, and have it checked."), "sudo nvidia-smi --gpu-reset"),
    "restart-container": Advice(N_("Start the container again."), "docker restart <name>"),
    "retry-later": Advice(N_("Wait and try again.")),
    "share-path": Advice(N_("Share the folder in Docker Desktop: Settings, Resources, File sharing.")),
    "smaller-model": Advice(N_("Choose a smaller model.")),
    "start-docker": Advice(N_("Start Docker."), "sudo systemctl start docker"),
    "stop-other-container": Advice(N_("Stop what holds the port."), "docker ps --filter publish=<port>"),
    "update-docker": Advice(N_("Update Docker (with containerd, runc and libseccomp).")),
    "update-driver": Advice(N_("Update the NVIDIA driver of the host."), "nvidia-smi"),
    "update-windows-driver": Advice(N_("Update the NVIDIA driver on Windows; none belongs into WSL.")),
    "update-wsl": Advice(N_("Update WSL and restart it."), "wsl --update && wsl --shutdown"),
    "use-snapshot-path": Advice(
        N_("Point to the folder snapshots/<hash> in it, or give the repository's name."), "ls <folder>/snapshots"
    ),
    "windows-port-reserved": Advice(
        N_("Windows has reserved the port: choose another one, or see which are reserved."),
        "netsh int ipv4 show excludedportrange protocol=tcp",
    ),
}
"""Say every advice in the user's language."""


def advices() -> dict[str, Advice]:
    """Say every advice in the user's language."""
    return {name: Advice(gettext(one.text), one.command) for name, one in ADVICES.items()}

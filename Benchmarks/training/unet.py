"""A U-Net's training step in PyTorch, beside `training unet`: the same network, loss, optimiser and averages.

    python3 Benchmarks/training/unet.py --base 32 --batch 4 --side 512 --steps 20 --threads 1 [--bf16]

Needs Debian's python3-torch. Prints the median processor time of a step and the most memory of the process.
"""

import argparse
import resource
import statistics
import time

import torch
from torch import nn


def pair(inputs: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(),
        nn.Conv2d(outputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU())


class UNet(nn.Module):
    """Five levels of two convolutions each."""

    def __init__(self, base: int, classes: int):
        super().__init__()
        widths = [base << level for level in range(5)]
        self.down = nn.ModuleList(pair(a, b) for a, b in zip([3] + widths, widths))
        self.up = nn.ModuleList(nn.ConvTranspose2d(2 * w, w, 2, stride=2) for w in reversed(widths[:4]))
        self.join = nn.ModuleList(pair(2 * w, w) for w in reversed(widths[:4]))
        self.classes = nn.Conv2d(base, classes, 1)

    def forward(self, x):
        kept = []
        for level, layers in enumerate(self.down):
            x = layers(x if level == 0 else nn.functional.max_pool2d(x, 2))
            kept.append(x)
        for beside, up, join in zip(reversed(kept[:4]), self.up, self.join):
            x = join(torch.cat([beside, up(x)], 1))
        return self.classes(x)


def main() -> None:
    parser = argparse.ArgumentParser()
    for name, value in [("base", 32), ("batch", 4), ("side", 512), ("steps", 20), ("threads", 1)]:
        parser.add_argument("--" + name, type=int, default=value)
    parser.add_argument("--bf16", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    net = UNet(options.base, 12).to(memory_format=torch.channels_last)
    averages = [p.detach().clone() for p in net.parameters()]
    optimiser = torch.optim.AdamW(net.parameters(), lr=1e-3)
    x = torch.rand(options.batch, 3, options.side, options.side).to(memory_format=torch.channels_last)
    y = torch.randint(12, (options.batch, options.side, options.side))
    times = []
    for step in range(options.steps + 1):
        start = time.process_time()
        optimiser.zero_grad()
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=options.bf16):
            logits = net(x)
        nn.functional.cross_entropy(logits.float(), y).backward()
        optimiser.step()
        with torch.no_grad():
            for average, parameter in zip(averages, net.parameters()):
                average.lerp_(parameter, 0.01)
        if step:
            times.append(time.process_time() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    kind = "bf16" if options.bf16 else "f32"
    print(f"torch {torch.__version__}, {kind}: step {statistics.median(times):.3f} s of the processor (median of {len(times)}), {peak} MiB")


if __name__ == "__main__":
    main()

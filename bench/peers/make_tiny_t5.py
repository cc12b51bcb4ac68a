"""Expected numbers of a tiny T5, from Hugging Face's own code: src/t5/testing/tiny-t5/expected.json.

The weights are made by the formula of src/t5/testing/formula-weights.ts, so that no file of weights is
needed. Run it only to make the fixture anew (versions: see the file it writes; transformers 5 ties the head to
the embedding whatever the config says, so it takes transformers 4):

    /tmp/venv-torch/bin/python bench/peers/make_tiny_t5.py src/t5/testing/tiny-t5
"""

import json
import sys
import zlib
from pathlib import Path

import numpy as np
import torch
import transformers
from transformers import T5Config, T5ForConditionalGeneration

CONFIG = dict(
    vocab_size=64, d_model=24, d_kv=6, d_ff=40, num_layers=2, num_decoder_layers=2, num_heads=4,
    relative_attention_num_buckets=16, relative_attention_max_distance=40, dropout_rate=0.0,
    feed_forward_proj="gated-gelu", tie_word_embeddings=False, decoder_start_token_id=0,
    pad_token_id=0, eos_token_id=1,
)


def formula(name: str, shape) -> np.ndarray:
    """Element i: a hash of the parameter's name and i, in doubles, stored as fp32."""
    size = int(np.prod(shape))
    x = (np.arange(size, dtype=np.uint64) + zlib.crc32(name.encode())) & 0xFFFFFFFF
    for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B)):
        x = ((x ^ (x >> np.uint64(shift))) * np.uint64(factor)) & np.uint64(0xFFFFFFFF)
    x = x ^ (x >> np.uint64(16))
    u = x.astype(np.float64) / 2**32 - 0.5
    if name.endswith("layer_norm.weight"):
        values = 1 + 0.1 * u
    elif "relative_attention_bias" in name or name == "shared.weight":
        values = 2 * u
    else:
        values = 2 * u * np.sqrt(3 / shape[-1])
    return values.astype(np.float32).reshape(shape)


def main(folder: Path) -> None:
    torch.set_num_threads(1)
    model = T5ForConditionalGeneration(T5Config(**CONFIG)).eval()
    # One entry per tensor: encoder and decoder share their embedding with `shared`.
    names = [n for n, _ in model.named_parameters()]
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.copy_(torch.from_numpy(formula(name, tuple(parameter.shape))))
    random = np.random.default_rng(7)

    def batch(*lengths):
        width = max(lengths)
        ids = [[*random.integers(2, 64, n - 1).tolist(), 1] + [0] * (width - n) for n in lengths]
        return ids, [[1] * n + [0] * (width - n) for n in lengths]

    cases = []
    with torch.no_grad():
        for lengths, prefix in (((7,), [0]), ((50, 12, 3), [0]), ((20, 31), [0, 9, 33])):
            ids, mask = batch(*lengths)
            logits = model(
                input_ids=torch.tensor(ids), attention_mask=torch.tensor(mask),
                decoder_input_ids=torch.tensor([prefix] * len(ids)),
            ).logits[:, -1]
            cases.append(dict(input_ids=ids, attention_mask=mask, decoder_input_ids=prefix,
                              logits=[[round(v, 6) for v in row] for row in logits.tolist()]))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(dict(CONFIG, model_type="t5"), indent=2) + "\n")
    (folder / "expected.json").write_text(json.dumps(dict(
        made=f"PyTorch {torch.__version__}, transformers {transformers.__version__}, fp32, "
             "bench/peers/make_tiny_t5.py",
        parameters=sorted(names), inference=cases)) + "\n")


main(Path(sys.argv[1]))

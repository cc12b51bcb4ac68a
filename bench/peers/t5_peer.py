"""PyTorch's side of the peer benches: reads one JSON command a line, answers with one JSON line.

  {"do": "load", "folder": DIR, "threads": N}    T5ForConditionalGeneration.from_pretrained
  {"do": "batch", "ids": [[...]], "mask": [[...]], "label": id, "pairs": [[...]]}
  {"do": "loss"}         RankNet's loss, scores and the norm of all gradients; changes nothing
  {"do": "step"}         one training step: forward, backward, clip, AdamW
  {"do": "score", "int8": bool}     forward alone, encoder and one decoder position
  {"do": "logits", "texts": [...], "labels": [...], "decoder": [...]}    with its own tokenizer
  {"do": "memory"}       peak resident megabytes since the start

No part of the product: only `npm run bench -- peers hf-load` starts it.
"""
import json
import resource
import sys
import time
import warnings

warnings.filterwarnings("ignore")
import torch
import transformers
from transformers import AutoTokenizer, T5ForConditionalGeneration

transformers.logging.set_verbosity_error()
transformers.utils.logging.disable_progress_bar()


class Peer:
    def load(self, folder, threads):
        torch.set_num_threads(threads)
        self.folder = folder
        self.model = T5ForConditionalGeneration.from_pretrained(folder, dtype=torch.float32)
        self.model.config.use_cache = False
        # Dropout off, as our trainer has it. Gradients do not care about eval().
        self.model.eval()
        self.small = None
        self.optimiser = None
        return {"torch": torch.__version__, "transformers": transformers.__version__, "threads": torch.get_num_threads()}

    def batch(self, ids, mask, label, pairs):
        self.ids = torch.tensor(ids)
        self.mask = torch.tensor(mask)
        self.label = label
        self.pairs = torch.tensor(pairs)
        return {}

    def scores(self, model):
        start = torch.full((len(self.ids), 1), self.model.config.decoder_start_token_id)
        return model(input_ids=self.ids, attention_mask=self.mask, decoder_input_ids=start).logits[:, -1, self.label]

    def ranknet(self, scores):
        """One list: the sum over pairs of weight_ij log(1 + exp(s_j - s_i))."""
        return (torch.nn.functional.softplus(scores[None, :] - scores[:, None]) * self.pairs).sum()

    def loss(self):
        self.model.zero_grad()
        scores = self.scores(self.model)
        loss = self.ranknet(scores)
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(self.model.parameters(), float("inf"))
        self.model.zero_grad()
        return {"loss": loss.item(), "scores": scores.tolist(), "gradientNorm": norm.item()}

    def step(self):
        if self.optimiser is None:
            # fused: PyTorch's fastest on a CPU.
            self.optimiser = torch.optim.AdamW(self.model.parameters(), lr=1e-4, weight_decay=0.01, fused=True)
        began = time.perf_counter()
        loss = self.ranknet(self.scores(self.model))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimiser.step()
        self.optimiser.zero_grad(set_to_none=True)
        return {"ms": 1000 * (time.perf_counter() - began), "loss": loss.item()}

    def score(self, int8):
        model = self.model
        if int8:
            if self.small is None:
                self.small = torch.ao.quantization.quantize_dynamic(self.model, {torch.nn.Linear}, dtype=torch.qint8)
            model = self.small
        with torch.inference_mode():
            began = time.perf_counter()
            scores = self.scores(model)
            return {"ms": 1000 * (time.perf_counter() - began), "scores": scores.tolist()}

    def logits(self, texts, labels, decoder):
        tokenizer = AutoTokenizer.from_pretrained(self.folder)
        ids = [tokenizer(text).input_ids for text in texts]
        with torch.inference_mode():
            logits = [
                self.model(input_ids=torch.tensor([one]), decoder_input_ids=torch.tensor([decoder])).logits[0, -1, labels].tolist()
                for one in ids
            ]
        return {"ids": ids, "logits": logits}

    def memory(self):
        return {"megabytes": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000)}


peer = Peer()
for line in sys.stdin:
    command = json.loads(line)
    try:
        answer = getattr(peer, command.pop("do"))(**command)
    except Exception as error:  # the bench prints it and goes on without this figure
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)

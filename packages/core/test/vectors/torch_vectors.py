"""Writes torch-2.13.0.json: what torch.distributions and F.gumbel_softmax give in float64, gradients included.

    python3 torch_vectors.py > torch-2.13.0.json
"""

import json

import torch
from torch.distributions import Categorical, RelaxedBernoulli, RelaxedOneHotCategorical, kl_divergence
from torch.distributions.relaxed_bernoulli import LogitRelaxedBernoulli
from torch.distributions.relaxed_categorical import ExpRelaxedCategorical

SETTINGS = 20


def rounded(values, decimals=4):
    """Parameters that are short in JSON; results follow from these."""
    return torch.round(values, decimals=decimals)


def parameter(n):
    return rounded(3 * torch.randn(n)).requires_grad_()


def gradients(value, *inputs):
    return [gradient.tolist() for gradient in torch.autograd.grad(value.sum(), inputs, retain_graph=True)]


def setting(i):
    n = 2 + (7 * i) % 11
    temperature = torch.tensor([0.05, 0.3, 1.0, 4.0][i % 4]).requires_grad_()
    logits, other = parameter(n), parameter(n)
    index = torch.tensor(i % n)

    q = Categorical(logits=logits)
    log_prob, entropy, kl = q.log_prob(index), q.entropy(), kl_divergence(q, Categorical(logits=other))

    relaxed = ExpRelaxedCategorical(temperature, logits=logits)
    log_sample = relaxed.sample()
    density = relaxed.log_prob(log_sample)
    one_hot = RelaxedOneHotCategorical(temperature, logits=logits, validate_args=False)

    tosses = LogitRelaxedBernoulli(temperature, logits=logits)
    logit_sample = rounded(tosses.sample())
    toss_densities = tosses.log_prob(logit_sample)
    toss_of = RelaxedBernoulli(temperature, logits=logits, validate_args=False)

    # F.gumbel_softmax draws its noise first, of the same generator.
    state = torch.get_rng_state()
    noise = -torch.empty(n).exponential_().log()
    torch.set_rng_state(state)
    hard = torch.nn.functional.gumbel_softmax(logits, tau=temperature.item(), hard=True)
    cotangent = rounded(torch.randn(n))
    (straight_through,) = torch.autograd.grad(hard, logits, cotangent)

    return {
        "temperature": temperature.item(),
        "logits": logits.tolist(),
        "other": other.tolist(),
        "index": index.item(),
        "logProb": {"value": log_prob.item(), "gradients": gradients(log_prob, logits)},
        "entropy": {"value": entropy.item(), "gradients": gradients(entropy, logits)},
        "kl": {"value": kl.item(), "gradients": gradients(kl, logits, other)},
        "relaxed": {
            "logSample": log_sample.tolist(),
            "value": density.item(),
            "gradients": gradients(density, logits, temperature),
            "ofSample": one_hot.log_prob(log_sample.exp()).item(),
        },
        "tosses": {
            "logitSample": logit_sample.tolist(),
            "values": toss_densities.tolist(),
            "gradients": gradients(toss_densities, logits, temperature),
            "ofSample": toss_of.log_prob(logit_sample.sigmoid()).tolist(),
        },
        "straightThrough": {
            "perturbed": (logits + noise).tolist(),
            "index": hard.argmax().item(),
            "cotangent": cotangent.tolist(),
            "gradient": straight_through.tolist(),
        },
    }


torch.set_default_dtype(torch.float64)
torch.manual_seed(0)
print(json.dumps({"torch": torch.__version__, "settings": [setting(i) for i in range(SETTINGS)]}))

# SPDX-License-Identifier: Apache-2.0
"""From samples to figures: medians, and ratios between proxies measured in the same round."""

import statistics


def median(values):
    return statistics.median(values) if values else None


def ratios(mine, theirs, field):
    """(median, lowest, highest) of one field's ratio, round by round."""
    pairs = [(a[field], b[field]) for a, b in zip(mine, theirs) if a.get(field) is not None and b.get(field)]
    if not pairs:
        return None
    values = [a / b for a, b in pairs]
    return {"median": median(values), "low": min(values), "high": max(values)}


def summary(scenario, samples):
    """`samples`: by subject, a list of one dict a round."""
    fields = ("requests_per_second", "cpu_us", "user_us", "system_us", "p50_ms", "p99_ms", "memory_kib", "idle_kib")
    rows = {}
    for name, rounds in samples.items():
        row = {field: median([sample[field] for sample in rounds if sample.get(field) is not None]) for field in fields}
        rows[name] = {field: value for field, value in row.items() if value is not None}
    result = {"scenario": scenario.name, "title": scenario.title, "rounds": samples, "subjects": rows, "ratios": {}}
    measure = {"memory": ("memory_kib", "idle_kib"), "latency": ("p99_ms", "cpu_us")}.get(scenario.kind, ("cpu_us",))
    for field in measure:
        for other in ("envoy", "haproxy"):
            if "malla" in samples and other in samples:
                ratio = ratios(samples["malla"], samples[other], field)
                if ratio:
                    result["ratios"][f"{field}/{other}"] = ratio
    result["target"] = scenario.target
    result["target_haproxy"] = scenario.target_haproxy
    return result


def _cell(value, digits=1):
    return "-" if value is None else f"{value:,.{digits}f}"


def text(result):
    """One scenario for people."""
    lines = [f"{result['scenario']}: {result['title']}"]
    if any("requests_per_second" in row for row in result["subjects"].values()):
        lines.append(
            f"  {'':8} {'req/s':>9} {'CPU µs':>8} {'user':>7} {'system':>7} {'p50 ms':>8} {'p99 ms':>8} {'MiB':>7}")
        for name, row in result["subjects"].items():
            memory = row.get("memory_kib")
            lines.append(
                f"  {name:8} {_cell(row.get('requests_per_second'), 0):>9} {_cell(row.get('cpu_us')):>8} "
                f"{_cell(row.get('user_us')):>7} {_cell(row.get('system_us')):>7} {_cell(row.get('p50_ms'), 2):>8} "
                f"{_cell(row.get('p99_ms'), 2):>8} {_cell(memory / 1024 if memory else None):>7}")
    else:
        lines.append(f"  {'':8} {'at rest':>9} {'1,000 idle connections':>24}")
        for name, row in result["subjects"].items():
            lines.append(f"  {name:8} {row['memory_kib'] / 1024:>8.1f}M {row['idle_kib'] / 1024:>23.1f}M")
    for name, ratio in result["ratios"].items():
        field, other = name.split("/")
        wanted = result["target"] if other == "envoy" else result["target_haproxy"]
        if field == "p99_ms":
            wanted = 1.0
        verdict = ""
        if wanted is not None and not (result["scenario"] == "latency" and field == "cpu_us"):
            verdict = f"  wanted ≤ {wanted:.2f}: {'reached' if ratio['median'] <= wanted else 'NOT reached'}"
        lines.append(
            f"  malla / {other}, {field}: {ratio['median']:.2f} ({ratio['low']:.2f}–{ratio['high']:.2f}){verdict}")
    return "\n".join(lines)

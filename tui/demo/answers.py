"""What the simulated models say: a thought and an answer, in the language of the question."""

from __future__ import annotations

import re
from dataclasses import dataclass

CHINESE = re.compile(r"[\u4e00-\u9fff]")
TOKEN = re.compile(r"[\u3000-\u9fff\uff00-\uffef]{1,2}|\s*[^\s\u3000-\u9fff\uff00-\uffef]{1,7}|\s+")
"""About what a tokenizer makes of a text: a short word with the blank before it, one or two Chinese characters."""
CODE = """```python
from openai import OpenAI

client = OpenAI(base_url="{url}/v1", api_key="EMPTY")
answer = client.chat.completions.create(
    model="{model}",
    messages=[{{"role": "user", "content": "Hello"}}],
)
print(answer.choices[0].message.content)
```"""
STREAM = """```python
stream = client.chat.completions.create(model="{model}", messages=messages, stream=True)
for chunk in stream:
    print(chunk.choices[0].delta.content or "", end="", flush=True)
```"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said to one question."""

    words: re.Pattern[str]
    """What a question holds that it answers."""
    thought: str
    text: str


ENGLISH = (
    Answer(
        re.compile(r"stream", re.IGNORECASE),
        "The user wants streaming. I show `stream=True` and the loop over the chunks.",
        "Pass `stream=True` and iterate over the chunks; each carries a *delta* with the next piece of the answer.\n\n"
        + STREAM
        + "\n\nThe last chunk has a `finish_reason`: **stop**, or **length** when `max_tokens` cut it off.",
    ),
    Answer(
        re.compile(r"table|compare|differ", re.IGNORECASE),
        "A comparison is asked for; a small table says it best.",
        "| | prefill | decode |\n|---|---|---|\n| works on | the whole prompt | one token at a time |\n"
        "| is bound by | compute | memory bandwidth |\n| is felt as | **TTFT** | **TPOT** |\n\n"
        "A long prompt makes the first token late; a big batch makes each further one later.",
    ),
    Answer(
        re.compile(r""),
        "The user asks something. This is a demo, so I should say what I am, and then give something useful: a short "
        "explanation and an example that really works against this address.",
        "I am a **simulated** model: no GPU, no weights, but a real OpenAI-style server on your loopback.\n\n"
        + CODE
        + "\n\nTry it from another terminal while the demo is open. What else you can do here:\n\n"
        "1. watch `bge-m3` boot in **Logs**, phase by phase\n"
        "2. see why `qwen3-4b-long` failed, and mend it in **Parameters**\n"
        "3. stop, restart, rename, recreate or launch servers: nothing real is touched",
    ),
)
CHINESE_ANSWERS = (
    Answer(
        re.compile(r"流式|stream", re.IGNORECASE),
        "用户想要流式输出，给出 stream=True 的写法即可。",
        "传入 `stream=True`，然后逐块读取；每一块的 *delta* 里是答案的下一小段。\n\n"
        + STREAM
        + "\n\n最后一块带有 `finish_reason`：**stop** 表示正常结束，**length** 表示被 `max_tokens` 截断。",
    ),
    Answer(
        re.compile(r""),
        "用户用中文提问，用中文回答。先用一句话说明，再给一个可以直接运行的 Python 例子。",
        "人工智能是让机器具备感知、推理与学习能力的技术。\n\n"
        + CODE
        + "\n\n这里的模型是**模拟**的：没有 GPU，也没有权重，但这个地址上的 OpenAI 接口是真的，可以在另一个终端里试一试。\n\n"
        "- 在**日志**里看 `bge-m3` 一步步启动\n- 看看 `qwen3-4b-long` 为什么失败，再到**参数**里改好\n"
        "- 随意停止、重启、改名、重建：不会碰到任何真实的东西",
    ),
)


def answer(question: str, url: str, model: str) -> tuple[list[str], list[str]]:
    """Answer a question: the tokens of the thought, and those of the text."""
    table = CHINESE_ANSWERS if CHINESE.search(question) else ENGLISH
    found = next(one for one in table if one.words.search(question))
    text = found.text.replace("{url}", url).replace("{model}", model).replace("{{", "{").replace("}}", "}")
    return TOKEN.findall(found.thought), TOKEN.findall(text)


def count(text: str) -> int:
    """Say how many tokens a text is."""
    return len(TOKEN.findall(text))

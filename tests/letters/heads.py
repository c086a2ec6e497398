"""The head of a letter as text."""

REST = "\nKính gửi: Các phòng, ban.\n1. Rà soát máy tính.\nNơi nhận:\n- Như trên;\n- Lưu: VT."


def head(*lines: str) -> str:
    return "\n".join(lines) + REST

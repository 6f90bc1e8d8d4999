from ..rules.words import guesses


def test_words_speak_for_categories() -> None:
    found = guesses("门口的路灯不亮", {"lamps": ["路灯", "不亮"], "roads": ["路面", "坑"], "power": ["停电", "不亮"]})
    assert [(g.key, g.words) for g in found] == [("lamps", ("不亮", "路灯")), ("power", ("不亮",))]
    assert found[0].score > found[1].score
    assert guesses("", {"lamps": ["路灯"]}) == []

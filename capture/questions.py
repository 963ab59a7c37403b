"""What is written down of a question at the moment in which it is asked, because it will change."""

from capture.mirrors import Mirror
from capture.projects import Project
from capture.snapshots import Question
from zeta_lsp.core.recording import Asked


def question_of(asked: Asked, project: Project, mirror: Mirror | None) -> Question:
    """The question with its surroundings; at the level of counters there are none."""
    if mirror is None:
        return Question(asked, "", 0)
    number, repository = project.timeline.count, project.repository
    language, revision = mirror.document.language_id, repository.revision() if repository else ""
    if repository is None or not revision:
        return Question(asked, language, number)
    texts = _texts_of(asked, project)
    diff = repository.uncommitted_diff(list(texts), list(texts.values()))
    return Question(asked, language, number, revision, diff)


def _texts_of(asked: Asked, project: Project) -> dict[str, str]:
    """The texts of the files of the history, by their paths within the project."""
    named = [asked.given.cursor_path, *(event.path for event in asked.given.events)]
    texts: dict[str, str] = {}
    for path in dict.fromkeys(named):
        mirror = project.mirror_of(path)
        if mirror is not None and not mirror.refusal:
            texts[path.partition("/")[2]] = mirror.document.text()
    return texts

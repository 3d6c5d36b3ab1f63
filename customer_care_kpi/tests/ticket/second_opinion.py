"""The definitions of the figures, written a second time: slow, and from nothing.

Every column is found by scanning the whole history anew, with no state carried from one
event to the next and nothing taken from the code under test.
"""

OPEN = ("new", "open", "pending", "hold")
DONE = ("solved", "closed")


def _seconds(since, until):
    return int((until - since).total_seconds())


class SecondOpinion:
    """The figures of one ticket.

    :param list[dict] rows: events in the order (date, id)
    """

    def __init__(self, rows):
        self.rows = rows
        self.dates = [row["date"] for row in rows]
        self.stages = [row["stage_category"] for row in rows]
        self.replies = self._find(
            lambda row: (
                row["kind"] == "agent_message"
                and row["is_public"]
                and not row["is_automatic"]
            )
        )
        self.requests = self._find(
            lambda row: (
                row["actor"] == "customer"
                and not row["is_automatic"]
                and (
                    row["kind"] == "created"
                    or (row["kind"] == "customer_message" and row["is_public"])
                )
            )
        )
        self.handovers = self._find(lambda row: row["kind"] == "bot_handover")
        self.solutions = self._find_moves(lambda a, b: a not in DONE and b in DONE)
        self.reopenings = self._find_moves(lambda a, b: a in DONE and b in OPEN)
        self.first_reply = self._find_first_reply()
        self.is_solved = self.stages[-1] in DONE

    def _find(self, test):
        return [index for index, row in enumerate(self.rows) if test(row)]

    def _find_moves(self, test):
        before = [None, *self.stages]
        return [i for i, after in enumerate(self.stages) if test(before[i], after)]

    def _find_first_reply(self):
        starts = self.requests + self.handovers
        answers = [reply for reply in self.replies if starts and reply > min(starts)]
        return min(answers, default=None)

    def _has(self, kinds, opposite):
        found = [r["kind"] for r in self.rows if r["kind"] in kinds + opposite]
        return bool(found) and found[-1] in kinds

    @property
    def is_void(self):
        left_out = self._has(("spam", "voided"), ("not_spam", "restored"))
        return left_out or self._has(("merged",), ("unmerged",))

    def _next_responses(self):
        """Seconds of every wait after the first response that an answer ended."""
        if self.first_reply is None:
            return []
        cancelled = self._find_moves(lambda a, b: a != b and b == "cancelled")
        waits = []
        for reply in self.replies:
            if reply <= self.first_reply:
                continue
            ends = [i for i in self.replies if i < reply]
            ends += [i for i in self.solutions + cancelled if i < reply]
            asked = [i for i in self.requests if max(ends) < i < reply]
            if asked:
                waits.append(_seconds(self.dates[asked[0]], self.dates[reply]))
        return waits

    def _stays(self):
        """Seconds spent in each stage category before the last solution."""
        stays = dict.fromkeys((*OPEN, "rest"), 0)
        for index in range(self.solutions[-1]):
            name = self.stages[index] if self.stages[index] in OPEN else "rest"
            stays[name] += _seconds(self.dates[index], self.dates[index + 1])
        return stays

    def _effective_reopenings(self):
        """Answers that were the first after one or more reopenings."""
        count = 0
        for number, reply in enumerate(self.replies):
            earlier = self.replies[number - 1] if number else 0
            count += any(earlier <= i < reply for i in self.reopenings)
        return count

    def _holders(self, column):
        """Holders in turn, without the empty ones and without repetition."""
        found = [row[column] for row in self.rows if row[column]]
        return [f for i, f in enumerate(found) if not i or f != found[i - 1]]

    def measures(self):
        """Return every measured column."""
        teams, users = self._holders("team_ref"), self._holders("user_ref")
        found = {
            **self._response(),
            **self._resolution(teams),
            "reply_count": len(self.replies),
            "handoff_count": max(len(users) - 1, 0),
            "transfer_count": max(len(teams) - 1, 0),
            "reopen_count": len(self.reopenings),
            "effective_reopen_count": self._effective_reopenings(),
        }
        return dict.fromkeys(found) if self.is_void else found

    def _response(self):
        first = bot = None
        starts = sorted(self.requests + self.handovers)
        if self.first_reply is not None:
            handed = [i for i in self.handovers if i < self.first_reply]
            start = handed[-1] if handed else starts[0]
            first = _seconds(self.dates[start], self.dates[self.first_reply])
            bot = _seconds(self.dates[starts[0]], self.dates[self.first_reply])
        waits = self._next_responses()
        replied = self.first_reply is not None
        return {
            "first_response_seconds": first,
            "bot_response_seconds": bot,
            "next_response_seconds": sum(waits) if waits else None,
            "next_response_count": len(waits) or None,
            "is_answered": (
                int(replied) if starts and (replied or self.is_solved) else None
            ),
            "is_unanswered": int(not replied) if starts and self.is_solved else None,
        }

    def _resolution(self, teams):
        names = [f"{name}_seconds" for name in (*OPEN, "rest")]
        names += ["requester_wait_seconds", "resolution_seconds"]
        names += ["is_reopened", "has_two_transfers", "is_back_and_forth"]
        found = dict.fromkeys([*names, "first_resolution_seconds"])
        opened = self.dates[0]
        if self.solutions:
            first = self.dates[self.solutions[0]]
            found["first_resolution_seconds"] = _seconds(opened, first)
        if self.is_solved:
            stays = self._stays()
            found.update({f"{name}_seconds": spent for name, spent in stays.items()})
            found.update(
                requester_wait_seconds=stays["new"] + stays["open"] + stays["hold"],
                resolution_seconds=_seconds(opened, self.dates[self.solutions[-1]]),
                is_reopened=int(self._effective_reopenings() >= 1),
                has_two_transfers=int(len(teams) - 1 >= 2),
                is_back_and_forth=int(len(set(teams)) < len(teams)),
            )
        return found

    def credits(self):
        """Return who gets the credit, ids or None."""
        first, reply = self.rows[0], self.first_reply
        found = {
            "channel_id": first["channel_id"],
            "first_team_id": first["team_id"],
            "reply_user_id": None if reply is None else self.rows[reply]["actor_id"],
            "reply_team_id": None if reply is None else self.rows[reply]["team_id"],
            "solver_id": None,
            "solver_team_id": None,
        }
        if self.is_solved:
            row = self.rows[self.solutions[-1]]
            by_agent = row["actor"] == "agent"
            found["solver_id"] = row["actor_id"] if by_agent else row["user_id"]
            found["solver_team_id"] = row["team_id"]
        return found

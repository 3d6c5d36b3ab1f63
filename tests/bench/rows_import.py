"""Rows: a file of N customers with one purchase each, from its bytes to the report.

Not a ratio: the bar is in seconds and in memory, and holds for 40,000 customers. Phone
numbers come in three forms. The second import of the same file doubles nothing.
"""

import base64
import gc
import io
import resource
import time
from pathlib import Path

import psutil

SECONDS = 300  # for 40,000 customers
MEGABYTES = 300  # above idle, at any size
SIZES = (4000, 40000)


def _make_csv(size):
    """A file with ``size`` customers and as many purchases, in Vietnamese."""
    out = io.StringIO()
    out.write("Họ tên;SĐT;Email;Tỉnh thành;Mã đơn;Ngày mua;Tổng tiền\n")
    for number in range(size):
        form = ("0{}", "+84 {}", "84{}")[number % 3]
        phone = form.format(600000000 + size * 10 + number)
        mail = f"nhap{size}.{number}@bench.test" if number % 2 else ""
        day = f"{1 + number % 28:02d}/{1 + number % 12:02d}/{2022 + number % 3}"
        amount = f"{1 + number % 999}.{number % 1000:03d}"
        out.write(
            f"Khách Số {number};{phone};{mail};Huế;B{size}-{number};{day};{amount}\n"
        )
    return out.getvalue().encode()


class Peak:
    """Memory of this process above what it had, in MB; the peak between batches."""

    def __init__(self):
        gc.collect()
        self.process = psutil.Process()
        self.idle = self.process.memory_info().rss
        self.peak = 0

    def look(self):
        used = self.process.memory_info().rss - self.idle
        self.peak = max(self.peak, used / 1024 / 1024)


def _take_in(env, company, content):
    """Import a file as the job does; return (import, seconds, peak in MB)."""
    peak = Peak()
    backend = psutil.Process(env.cr._cnx.get_backend_pid()).cpu_times
    start, python, base = time.perf_counter(), time.process_time(), sum(backend())
    batch = env["care.import"].create(
        {
            "file": base64.b64encode(content),
            "name": "bench.csv",
            "company_id": company.id,
        }
    )
    env.cr.commit()

    def commit(_size):
        env.cr.commit()
        peak.look()
        env.invalidate_all()
        return True

    job = batch._as_system()
    job._work(commit)
    batch.invalidate_recordset()
    batch.action_start()
    env.cr.commit()
    job._work(commit)
    batch.invalidate_recordset()
    assert batch.state == "done", batch.state
    seconds = time.perf_counter() - start
    python, base = time.process_time() - python, sum(backend()) - base
    # on a busy machine the rest is waiting for a processor
    print(f"{seconds:.1f} s: {python:.1f} s Python, {base:.1f} s PostgreSQL")
    return batch, seconds, peak.peak


def run(env, sizes=SIZES, _rounds=1):
    """Measure and return rows; ``rates`` are customers per second, one per size."""
    env = env(su=True)
    rows = []
    for size in sizes:
        company = env["res.company"].create({"name": f"Benchmark {size}"})
        company.care_tz = "Asia/Ho_Chi_Minh"
        company.country_id = env.ref("base.vn")
        env["care.profile"]._refresh_all(company)  # from here on there is news
        env.cr.commit()
        content = _make_csv(size)
        first, seconds, memory = _take_in(env, company, content)
        again, repeat, _memory = _take_in(env, company, content)
        assert (first.created_count, first.purchase_count) == (size, size)
        assert (again.created_count, again.purchase_count) == (0, 0)
        rows.append(
            {
                "name": "import of customers with purchases",
                "size": size,
                "unit": "customers/s",
                "subject": "ours",
                "rates": {
                    "ours": [size / seconds],
                    "bar": [40000 / SECONDS],
                    "the same file again": [size / repeat],
                },
                "bars": {"bar": 1},
                "seconds": round(seconds, 1),
                "megabytes": round(memory, 1),
            }
        )
        print(rows[-1], _maximum())
    return rows


def _maximum():
    """The most memory this process ever had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    raise SystemExit(f"Run by setup/bench, see {Path(__file__).with_name('run.py')}")

from . import care_bench_ticket

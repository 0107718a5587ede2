"""Celery's side: `celery -A celery_tasks worker` sends; `celery_tasks.py COUNT` fills. Acknowledged late, so that a kill
loses nothing."""
import os
import sys
import threading

import celery
import requests

app = celery.Celery('bench', broker=os.environ['BENCH_BROKER'])
app.conf.update(task_acks_late=True, task_ignore_result=True, worker_prefetch_multiplier=1)
own = threading.local()


@app.task(name='send')
def send(conversation, text):
    if not hasattr(own, 'session'):
        own.session = requests.Session()
    answer = own.session.post(
        f'{os.environ["BENCH_URL"]}/api/v2/conversations/messages/{conversation}/communications/d{conversation[1:]}/messages',
        json={'textBody': text}, headers={'Authorization': 'Bearer bench-token', 'Accept': 'application/json'},
        verify=os.environ['BENCH_CA'], timeout=10)
    answer.raise_for_status()


if __name__ == '__main__':
    for n in range(int(sys.argv[1])):
        send.delay(f'c0000000-0000-4000-8000-{n % 64:012d}',
                   f'm{n} Thank you for waiting, an agent will be with you in a moment.')

// Everything shown comes from two event streams: the resources, and the log of the one that is open (its name is in the address).
const rows = document.getElementById('resources');
const summary = document.getElementById('summary');
const log = document.getElementById('log');
const lines = document.getElementById('lines');
const kept = 400_000;
let open, tail;

const make = (tag, content, className) => {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...[content].flat().filter(part => part !== undefined && part !== null));
  return element;
};

const stateOf = r =>
  r.state === 'failed' ? ['bad', 'Failed']
    : r.state === 'restarting' ? ['bad', 'Restarting']
      : r.state === 'running' && r.healthy === false && r.readyAfterSeconds !== null ? ['bad', 'Unhealthy']
        : r.state === 'running' && r.healthy ? ['good', 'Healthy']
          : r.state === 'completed' ? ['good', 'Completed']
            : r.state === 'waiting' || r.state === 'stopped' ? ['', r.state === 'waiting' ? 'Waiting' : 'Stopped']
              : ['busy', 'Starting'];

function row(r) {
  const [tone, text] = stateOf(r);
  const why = r.state === 'waiting' ? `for ${r.waitsFor.join(', ')}` : tone === 'good' ? undefined : r.problem;
  const show = make('button', 'Show');
  show.type = 'button';
  show.setAttribute('aria-label', `Show the log of ${r.name}`);
  show.onclick = () => { location.hash = r.name; };
  const name = make('th', [r.name, make('small', r.kind)]);
  name.scope = 'row';
  const tr = make('tr', [
    name,
    make('td', [make('span', text, `state ${tone}`), why && make('small', why, 'problem')]),
    make('td', r.endpoints.flatMap(address => {
      const link = make('a', address.replace(/^http:\/\/|\/$/g, ''));
      link.href = address;
      return [link, ' '];
    })),
    make('td', r.readyAfterSeconds === null ? '' : `${r.readyAfterSeconds.toFixed(1)} s`, 'number'),
    make('td', r.restarts || '', 'number'),
    make('td', r.processId ?? '', 'number'),
    make('td', show),
  ]);
  if (r.name === open) tr.setAttribute('aria-current', 'true');
  return tr;
}

let latest = [];
function draw() {
  const focused = document.activeElement?.closest('tr')?.rowIndex;
  rows.replaceChildren(...latest.map(row));
  // Drawing anew must not take the keyboard from whoever is in the table.
  if (focused) rows.rows[focused - 1]?.querySelector('button')?.focus();
  const tones = latest.map(r => stateOf(r)[0]);
  const count = tone => tones.filter(t => t === tone).length;
  summary.className = count('bad') ? 'bad' : count('good') === latest.length ? 'good' : '';
  summary.textContent = count('bad') ? `${count('bad')} of ${latest.length} in trouble`
    : count('good') === latest.length ? `All ${latest.length} healthy` : `${count('good')} of ${latest.length} ready …`;
  document.title = `${summary.textContent} · Enterprise Portal`;
}

function show() {
  open = decodeURIComponent(location.hash.slice(1));
  tail?.close();
  log.hidden = !open;
  draw();
  if (!open) return;
  document.getElementById('log-title').textContent = `Log of ${open}`;
  lines.textContent = '';
  tail = new EventSource(`/api/resources/${encodeURIComponent(open)}/log`);
  tail.onmessage = event => {
    lines.append(event.data + '\n');
    if (lines.textContent.length > kept) lines.textContent = lines.textContent.slice(-kept / 2);
    if (document.getElementById('follow').checked) lines.scrollTop = lines.scrollHeight;
  };
  // A reconnection sends the recent lines once more.
  tail.onerror = () => { lines.textContent = ''; };
}

document.getElementById('close').onclick = () => { location.hash = ''; };
addEventListener('hashchange', show);

const states = new EventSource('/api/resources/events');
states.onmessage = event => { latest = JSON.parse(event.data); draw(); };
states.onerror = () => { summary.className = 'bad'; summary.textContent = 'No connection. Is it still running?'; };
show();

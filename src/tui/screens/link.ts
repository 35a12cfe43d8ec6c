/** How an environment's link fares: what the feed knows at once, then what the server says of keys, pace, ends and refusals. */
import type { Environment } from '../../protocol/environment.ts';
import type { LinkStatus } from '../../protocol/link-api.ts';
import { formatAge, formatDuration } from '../format/amounts.ts';
import { printable } from '../format/width.ts';
import { foldWords } from '../format/wrap.ts';
import { CLOCK_TOLERANCE_MS, type LinkScreen } from '../model/link-view.ts';
import { elapsedSince } from '../model/live-fleet.ts';
import { type AppState, shownFleet } from '../model/state.ts';
import { plainLine, span } from './cells.ts';
import { type Fact, factLines } from './details.ts';
import { connectionAge, environmentWords } from './environments.ts';
import { KIND_WORDS } from './preview.ts';
import type { Line, StyleName } from './view.ts';

/** All lines of the view at a width; the caller shows a window of them. */
export function linkLines(state: AppState, screen: LinkScreen, width: number): readonly Line[] {
  const environment = shownFleet(state).environments.get(screen.environmentId);
  if (!environment) return [plainLine(''), plainLine('   This environment is gone.', 'nodata')];
  const { status } = screen;
  return [
    ...factLines([...knownFacts(state, environment, status), ...answerFacts(screen)], width),
    ...(status ? statusLines(state, status, width) : []),
  ];
}

/** Moments are told by the server's clock. */
const ageIn = (state: AppState) => (atMs: number) =>
  formatAge(elapsedSince(shownFleet(state), atMs, state.nowMs));

function knownFacts(
  state: AppState,
  environment: Environment,
  status: LinkStatus | undefined,
): readonly Fact[] {
  const { reason, address, kind } = environment;
  return [
    stateFact(state, environment, status),
    ...(reason === null ? [] : [{ name: 'why', texts: [reason], style: 'warning' as const }]),
    { name: 'address', texts: [address] },
    { name: 'reached by', texts: [KIND_WORDS[kind]] },
  ];
}

function stateFact(
  state: AppState,
  environment: Environment,
  status: LinkStatus | undefined,
): Fact {
  const fleet = shownFleet(state);
  if (status?.state === 'waiting') {
    const since = ageIn(state)(status.sinceMs);
    return {
      name: 'state',
      texts: [`waiting for its agent, which has never linked, for ${since}`],
      style: 'pending',
    };
  }
  const { words, style } = environmentWords(fleet, environment, state.nowMs);
  const since = connectionAge(fleet, environment, state.nowMs);
  return { name: 'state', texts: [`${words}, ${environment.connection} for ${since}`], style };
}

function answerFacts({ status, why, isAsking }: LinkScreen): readonly Fact[] {
  if (why !== undefined) return [{ name: 'server', texts: [why], style: 'error' }];
  if (!status && isAsking)
    return [{ name: 'link', texts: ['asking the server …'], style: 'pending' }];
  return [];
}

function statusLines(state: AppState, status: LinkStatus, width: number): readonly Line[] {
  const facts = [trustFact(status), ...(status.trust === 'none' ? [] : linkFacts(state, status))];
  return [
    ...factLines(facts, width),
    ...waitingLines(state, status, width),
    plainLine(''),
    ...endLines(state, status, width),
    ...refusedLines(state, status, width),
  ];
}

const TRUST_WORDS: Readonly<Record<LinkStatus['trust'], string>> = {
  link: 'link: each side knows the other by its pinned key',
  legacy: "legacy trust: Portainer's signed requests, no link; a newer agent offers one",
  none: 'none: an engine reached without an agent has no link',
};

function trustFact({ trust }: LinkStatus): Fact {
  const style = trust === 'legacy' ? { style: 'warning' as const } : {};
  return { name: 'trust', texts: [TRUST_WORDS[trust]], ...style };
}

function linkFacts(state: AppState, status: LinkStatus): readonly Fact[] {
  const { agentProduct, peerAddress, agentFingerprint, serverFingerprint, rotatedAtMs } = status;
  const fact = (name: string, text: string): Fact => ({ name, texts: [text] });
  const from = peerAddress === null ? '' : `, from ${peerAddress}`;
  return [
    fact('agent', `${agentProduct ?? 'not known yet'}${from}`),
    fact('agent key', agentFingerprint ?? 'none is bound yet'),
    fact('server key', serverFingerprint),
    fact('round trip', roundTripWords(status.roundTripMs)),
    clockFact(status.clockOffsetMs),
    ...joinFacts(state, status),
    fact('new key', rotatedAtMs === null ? 'never so far' : `${ageIn(state)(rotatedAtMs)} ago`),
  ];
}

function roundTripWords(ms: number | null): string {
  if (ms === null) return 'not measured yet';
  return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
}

function clockFact(offsetMs: number | null): Fact {
  if (offsetMs === null) return { name: 'clock', texts: ['not compared yet'] };
  const size = Math.abs(offsetMs);
  const words = `agent's ${formatDuration(size)} ${offsetMs < 0 ? 'behind' : 'ahead of'} the server's`;
  if (size <= CLOCK_TOLERANCE_MS) return { name: 'clock', texts: [words] };
  const advice = "set the clocks: times of logs and events can't be compared";
  return { name: 'clock', texts: [`${words}; ${advice}`], style: 'warning' };
}

function joinFacts(state: AppState, { joinExpiresAtMs }: LinkStatus): readonly Fact[] {
  if (joinExpiresAtMs === null) return [];
  const leftMs = joinExpiresAtMs - (state.nowMs - shownFleet(state).clockOffsetMs);
  if (leftMs > 0) {
    const words = `EDGE_ID is not used yet and works for ${formatAge(leftMs)} more`;
    return [{ name: 'join', texts: [words], style: 'pending' }];
  }
  const words = `EDGE_ID expired unused ${formatAge(-leftMs)} ago; reset the association for a new one`;
  return [{ name: 'join', texts: [words], style: 'warning' }];
}

function waitingLines(state: AppState, { waiting }: LinkStatus, width: number): readonly Line[] {
  if (waiting.length === 0) return [];
  const age = ageIn(state);
  const rows = waiting.toReversed().flatMap(({ lastAtMs, address, product, fingerprint }) => {
    const prefix = `${age(lastAtMs).padStart(4)} ago  ${printable(address)}  `;
    return noteLines(prefix, `${fingerprint} ${product}`, width, 'pending');
  });
  const title = ' Waiting for your word: a right EDGE_KEY with a foreign EDGE_ID';
  return [plainLine(''), plainLine(title, 'title'), ...rows];
}

const SHOWN_ENDS = 10;

function endLines(state: AppState, { ends }: LinkStatus, width: number): readonly Line[] {
  const age = ageIn(state);
  const rows = ends
    .slice(-SHOWN_ENDS)
    .toReversed()
    .flatMap(({ atMs, upMs, side, sentence }) => {
      const up = upMs > 0 ? `up ${formatAge(upMs)}` : 'no link';
      return noteLines(
        `${age(atMs).padStart(4)} ago  ${up.padEnd(8)}${side.padEnd(7)}`,
        sentence,
        width,
      );
    });
  return [
    plainLine(' Last ends', 'title'),
    ...(rows.length > 0 ? rows : [plainLine('   No link has ended so far.', 'dim')]),
  ];
}

function refusedLines(state: AppState, { refused }: LinkStatus, width: number): readonly Line[] {
  if (refused.length === 0) return [];
  const age = ageIn(state);
  const rows = refused.toReversed().flatMap(({ atMs, address, sentence }) => {
    const prefix = `${age(atMs).padStart(4)} ago  ${printable(address)}  `;
    return noteLines(prefix, sentence, width, 'warning');
  });
  return [plainLine(''), plainLine(' Turned away', 'title'), ...rows];
}

/** A sentence folded beside its prefix; under it where it would be squeezed. */
function noteLines(
  prefix: string,
  sentence: string,
  width: number,
  style?: StyleName,
): readonly Line[] {
  const indent = prefix.length < width / 2 ? prefix.length : 6;
  const rows = foldWords(printable(sentence), Math.max(8, width - indent - 2));
  const head = ` ${prefix}`;
  if (indent !== prefix.length) {
    const below = rows.map(
      (row): Line => ({ spans: [span(' '.repeat(indent + 1)), span(row, style)] }),
    );
    return [plainLine(head, 'dim'), ...below];
  }
  return rows.map((row, index): Line => {
    const left = index === 0 ? head : ' '.repeat(head.length);
    return { spans: [span(left, 'dim'), span(row, style)] };
  });
}

/** One container described: what the feed knows at once, then what inspect adds when it answers. */
import { formatAge } from '../format/amounts.ts';
import { containerAt, elapsedSince } from '../model/live-fleet.ts';
import { lastEvents } from '../model/past-event.ts';
import type { DescribeScreen } from '../model/screen.ts';
import { type AppState, shownFleet } from '../model/state.ts';
import { plainLine } from './cells.ts';
import { type Fact, factLines, feedFacts, inspectFacts, labelFacts } from './details.ts';
import type { Line } from './view.ts';

/** All lines of the description at a width; the caller shows a window of them. */
export function describeLines(
  state: AppState,
  screen: DescribeScreen,
  width: number,
): readonly Line[] {
  const container = containerAt(shownFleet(state), screen.key);
  if (!container) return [plainLine(''), plainLine('   This container is gone.', 'nodata')];
  return [
    ...factLines(feedFacts(state, container), width),
    plainLine(''),
    ...answerLines(screen, width),
    ...factLines(pastFacts(state, screen), width),
    plainLine(''),
    ...factLines(labelFacts(container), width),
  ];
}

const SHOWN_EVENTS = 3;

function pastFacts(state: AppState, { events }: DescribeScreen): readonly Fact[] {
  const last = lastEvents(events, SHOWN_EVENTS);
  if (last.length === 0) return [];
  const fleet = shownFleet(state);
  const texts = last.map(({ atMs, action, exitCode }) => {
    const ended = exitCode === null ? '' : ` with status ${exitCode}`;
    const age = formatAge(elapsedSince(fleet, atMs, state.nowMs));
    return `${age.padStart(4)} ago  ${EVENT_WORDS[action] ?? action}${ended}`;
  });
  return [{ name: 'lately', texts }];
}

const EVENT_WORDS: Readonly<Record<string, string>> = {
  die: 'run ended',
  died: 'run ended',
  start: 'run began',
  oom: 'ran out of memory',
};

function answerLines({ answer }: DescribeScreen, width: number): readonly Line[] {
  switch (answer.kind) {
    case 'loading':
      return [plainLine(' asking the engine for more …', 'pending')];
    case 'failed':
      return factLines(
        [{ name: 'inspect', texts: [answer.why], style: 'error' } satisfies Fact],
        width,
      );
    case 'ready':
      return factLines(inspectFacts(answer.inspection), width);
  }
}

/**
 * Asks the server once for each state of text and cursor, however many parts of VS Code want to know.
 *
 * The key stroke itself asks first; VS Code's ghost text comes for the same answer some 50 ms later
 * and joins. A newer question cancels the one before, and whoever waits for that gets null.
 */

import { type Answer, isSame, type Position, Trigger } from './protocol';

/** The state of text and cursor that a question is about. */
export interface State {
  readonly uri: string;
  readonly version: number;
  readonly position: Position;
}

/** Sends a question; cancelling is the signal's. */
export type Send = (state: State, trigger: Trigger, signal: AbortSignal) => Promise<Answer | null>;

interface Asked {
  readonly state: State;
  readonly trigger: Trigger;
  readonly stop: AbortController;
  readonly answer: Promise<Answer | null>;
}

export class Asker {
  private current: Asked | null = null;

  constructor(private readonly send: Send) {}

  /** The answer for a state, or null if a newer question was asked meanwhile, or sending failed. */
  ask(state: State, trigger: Trigger): Promise<Answer | null> {
    const known = this.current;
    if (known !== null && isSameState(known.state, state) && trigger === Trigger.Automatic) {
      return known.answer;
    }
    this.forget();
    const stop = new AbortController();
    const answer = this.send(state, trigger, stop.signal).then(
      (found) => (stop.signal.aborted ? null : found),
      () => this.failed(stop),
    );
    this.current = { state, trigger, stop, answer };
    return answer;
  }

  /** Nothing came of it, so the next that wants to know asks again. */
  private failed(stop: AbortController): null {
    if (this.current?.stop === stop) {
      this.current = null;
    }
    return null;
  }

  /** Cancel what is asked, and ask anew for the next that wants to know. */
  forget(): void {
    this.current?.stop.abort();
    this.current = null;
  }
}

/** Whether text and cursor are the same. */
export function isSameState(one: State, other: State): boolean {
  return (
    one.uri === other.uri && one.version === other.version && isSame(one.position, other.position)
  );
}

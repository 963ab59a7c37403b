import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Asker, type State } from '../src/pure/asker';
import { type Answer, Trigger } from '../src/pure/protocol';

const HERE: State = { uri: 'file:///a', version: 1, position: { line: 0, character: 1 } };
const LATER: State = { ...HERE, version: 2 };
const ANSWER: Answer = {
  id: 'p1', edits: [], cursor: null, jump: null, reason: 'no_change', model: 'm', latencyMs: 1,
};

/** A server that answers when told to. */
class Slow {
  readonly questions: { state: State; trigger: Trigger; signal: AbortSignal }[] = [];
  private readonly waiting: PromiseWithResolvers<Answer | null>[] = [];

  readonly send = (state: State, trigger: Trigger, signal: AbortSignal): Promise<Answer | null> => {
    this.questions.push({ state, trigger, signal });
    const answer = withResolvers<Answer | null>();
    this.waiting.push(answer);
    return answer.promise;
  };

  answer(index = 0): void {
    this.waiting[index]?.resolve(ANSWER);
  }

  fail(index = 0): void {
    this.waiting[index]?.reject(new Error('the connection ended'));
  }
}

interface PromiseWithResolvers<T> {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (reason: Error) => void;
}

function withResolvers<T>(): PromiseWithResolvers<T> {
  let resolve!: (value: T) => void;
  let reject!: (reason: Error) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

test('one question is sent for a state, however many want to know', async () => {
  const server = new Slow();
  const asker = new Asker(server.send);
  const both = [asker.ask(HERE, Trigger.Automatic), asker.ask({ ...HERE }, Trigger.Automatic)];
  server.answer();
  assert.deepEqual(await Promise.all(both), [ANSWER, ANSWER]);
  assert.deepEqual(await asker.ask(HERE, Trigger.Automatic), ANSWER);
  assert.equal(server.questions.length, 1);
});

test('a newer question cancels the one before, whose answer is nothing', async () => {
  const server = new Slow();
  const asker = new Asker(server.send);
  const old = asker.ask(HERE, Trigger.Automatic);
  const fresh = asker.ask(LATER, Trigger.Automatic);
  assert.ok(server.questions[0]?.signal.aborted);
  server.answer(0);
  server.answer(1);
  assert.equal(await old, null);
  assert.deepEqual(await fresh, ANSWER);
});

test('a person who asks is not answered from what was asked without them', async () => {
  const server = new Slow();
  const asker = new Asker(server.send);
  void asker.ask(HERE, Trigger.Automatic);
  const explicit = asker.ask(HERE, Trigger.Explicit);
  const joined = asker.ask(HERE, Trigger.Automatic);
  server.answer(1);
  assert.deepEqual(await Promise.all([explicit, joined]), [ANSWER, ANSWER]);
  assert.equal(server.questions.length, 2);
});

test('a question that failed is asked again', async () => {
  const server = new Slow();
  const asker = new Asker(server.send);
  const first = asker.ask(HERE, Trigger.Automatic);
  server.fail();
  assert.equal(await first, null);
  const second = asker.ask(HERE, Trigger.Automatic);
  server.answer(1);
  assert.deepEqual(await second, ANSWER);
});

test('what was forgotten is asked again', () => {
  const server = new Slow();
  const asker = new Asker(server.send);
  void asker.ask(HERE, Trigger.Automatic);
  asker.forget();
  void asker.ask(HERE, Trigger.Automatic);
  assert.equal(server.questions.length, 2);
  assert.ok(server.questions[0]?.signal.aborted);
});

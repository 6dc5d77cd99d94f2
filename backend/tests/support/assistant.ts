/** Servio with a fake language model. */
import type { DocumentSettings } from '../../src/config/env.js';
import type { Clock } from '../../src/utils/clock.js';
import { startApi, type TestApi } from './api.js';
import { FakeOpenAi } from './fakeOpenAi.js';

export interface AssistantHouse {
  api: TestApi;
  fake: FakeOpenAi;
  close(): Promise<void>;
}

export async function startAssistant(
  options: {
    clock?: Clock;
    budget?: { restaurant: number; user: number };
    api?: 'chat' | 'responses';
    documents?: DocumentSettings;
  } = {},
): Promise<AssistantHouse> {
  const fake = await FakeOpenAi.start();
  const api = await startApi({
    ...(options.clock ? { clock: options.clock } : {}),
    ...(options.documents ? { documents: options.documents } : {}),
    outside: {
      publicUrl: 'https://bistro.example',
      model: { apiKey: 'sk-test', baseUrl: fake.url, model: 'small', api: options.api ?? 'chat' },
      budget: options.budget ?? { restaurant: 100_000_000, user: 100_000_000 },
      // Nobody is there; what is written waits.
      twilio: { accountSid: 'AC1', authToken: 'secret', from: '+4930000000', baseUrl: 'http://127.0.0.1:9' },
      mail: { url: 'smtp://127.0.0.1:9', from: 'bistro@example.com' },
    },
  });
  const close = async (): Promise<void> => {
    await api.close();
    await fake.close();
  };
  return { api, fake, close };
}

/** Another member of a restaurant. */
export async function join(api: TestApi, owner: { token: string }, role: string): Promise<string> {
  const email = `${role}-${Math.random()}@example.com`;
  const { body } = await api.post('/v1/members', { email, name: 'Mia', role }, { token: owner.token });
  const password = 'the password of a member';
  const joined = await api.post('/v1/auth/accept-invitation', { token: body.invitation.token, password });
  return joined.body.accessToken;
}

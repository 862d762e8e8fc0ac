// Runs clients of mqtt.js for the driver: under Node.js commands and events are lines of JSON on standard input and output,
// in a browser they go over HTTP to the server that the page came from.

const clients = new Map();

const fromBase64 = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
const toBase64 = (bytes) => {
  const parts = [];
  for (let at = 0; at < bytes.length; at += 8192) {
    parts.push(String.fromCharCode(...bytes.subarray(at, at + 8192)));
  }
  return btoa(parts.join(''));
};

// mqtt.js takes payloads of the browser's own type there, and its Buffer everywhere else.
const toPayload = (text) => (typeof Buffer === 'undefined' ? fromBase64(text) : Buffer.from(text, 'base64'));

function connect(mqtt, send, { client: name, url, options }) {
  for (const part of [options, options.will].filter(Boolean)) {
    if (part.payload !== undefined) part.payload = toPayload(part.payload);
  }
  const client = mqtt.connect(url, { ...options, reconnectPeriod: 0, connectTimeout: 20000 });
  clients.set(name, client);
  client.on('message', (topic, payload, packet) => {
    const { qos, retain, properties } = packet;
    send({ client: name, message: { topic, payload: toBase64(payload), qos, retain, properties } });
  });
  client.on('disconnect', (packet) => send({ client: name, disconnect: packet.reasonCode }));
  client.on('close', () => send({ client: name, closed: true }));
  return new Promise((resolve, reject) => {
    client.once('connect', (connack) => resolve({ sessionPresent: connack.sessionPresent }));
    client.once('error', reject);
    client.once('close', () => reject(new Error('closed before CONNACK')));
  });
}

const operations = {
  connect,
  subscribe: async (_, __, { client, filter, options }) => {
    const granted = await clients.get(client).subscribeAsync(filter, options);
    return granted[0].qos;
  },
  unsubscribe: (_, __, { client, filter }) => clients.get(client).unsubscribeAsync(filter).then(() => null),
  publish: async (_, __, { client, topic, payload, options }) => {
    await clients.get(client).publishAsync(topic, toPayload(payload), options);
    return null;
  },
  disconnect: (_, __, { client }) => clients.get(client).endAsync().then(() => null),
  kill: async (_, __, { client }) => {
    clients.get(client).stream.destroy();
    return null;
  },
};

async function perform(mqtt, send, command) {
  try {
    send({ id: command.id, result: (await operations[command.operation](mqtt, send, command)) ?? null });
  } catch (error) {
    send({ id: command.id, error: String(error?.message ?? error), code: error?.code ?? null });
  }
}

async function inBrowser() {
  let events = [];
  let posting = false;
  const send = (event) => {
    events.push(event);
    if (!posting) {
      posting = true;
      queueMicrotask(post);
    }
  };
  const post = async () => {
    while (events.length > 0) {
      const body = JSON.stringify(events);
      events = [];
      await fetch('/events', { method: 'POST', body });
    }
    posting = false;
  };
  for (;;) {
    const commands = await (await fetch('/commands')).json();
    commands.forEach((command) => perform(globalThis.mqtt, send, command));
  }
}

function underNode() {
  const mqtt = require(process.argv[2]);
  const send = (event) => process.stdout.write(`${JSON.stringify(event)}\n`);
  const lines = require('node:readline').createInterface({ input: process.stdin });
  lines.on('line', (line) => perform(mqtt, send, JSON.parse(line)));
  lines.on('close', () => process.exit(0));
}

if (typeof document === 'undefined') underNode();
else inBrowser();

// Calls of the admin API. Paths are relative to the page, so that it works behind a prefix too.

const TokenKey = "fnlb-token";

// A refused token is not sent again: each time counts against this address.
let isLocked = false;

export const token = {
  get: () => sessionStorage.getItem(TokenKey) ?? "",
  set: (value) => {
    isLocked = false;
    return value ? sessionStorage.setItem(TokenKey, value) : sessionStorage.removeItem(TokenKey);
  },
};

/** Answers the response; a body is sent as JSON. Throws without asking after a 401, until a token is set. */
export async function send(method, path, body, signal) {
  if (isLocked) {
    throw failure("the admin token is needed", 401);
  }

  const used = token.get();
  const headers = { "X-Requested-With": "XMLHttpRequest" };
  if (used) {
    headers.Authorization = `Bearer ${used}`;
  }

  if (body !== undefined) {
    headers["Content-Type"] = "application/json";
  }

  const response = await fetch(path, { method, headers, signal, cache: "no-store", body: body && JSON.stringify(body) });
  isLocked ||= response.status === 401 && used === token.get();
  return response;
}

/** Answers what the API said in JSON; throws an Error with the API's own words when it refused. */
export async function call(method, path, body) {
  const response = await send(method, path, body);
  const answer = await response.json().catch(() => ({ msg: `${response.status} ${response.statusText}` }));
  if (!response.ok) {
    throw failure(answer.msg ?? `answered ${response.status}`, response.status);
  }

  return answer;
}

export function failure(message, status, retrySeconds) {
  return Object.assign(new Error(message), { status, retrySeconds });
}

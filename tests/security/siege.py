# SPDX-License-Identifier: BSD-3-Clause
"""Strangers besiege the service's port and the serial line's; meanwhile the owner logs in to both, and how long
it takes is printed.

usage: siege.py DEVICE PORT USER PASSWORD OWNER STRANGER...
  OWNER, STRANGER: own addresses to connect from; an attack is made from each STRANGER
The serial line's port is PORT + 2. With PORT 16993 everything goes over TLS. One line an attack: tries and successes.
environment: SIEGE_BOUND=300, seconds within which a log-in counts (tests/unit/net/test_siege.c holds the
  device to ten seconds of its own time, `make siege SIEGE_BOUND=10` to as many of a quiet machine's),
  SIEGE_TRIES=1 an attack (with more there are more of them, and each is tried at both doors), SIEGE_ONLY=text: the attacks with it in their name"""

import hashlib
import os
import re
import socket
import ssl
import struct
import sys
import threading
import time
import warnings

BOUND_S = float(os.environ.get('SIEGE_BOUND') or 300)
TRIES = int(os.environ.get('SIEGE_TRIES') or 1)
PATH = '/SecurityAdministrationService'
VERSION = b'<E:Envelope xmlns:E="x"><E:Body><GetCoreVersion/></E:Body></E:Envelope>'

warnings.simplefilter('ignore', DeprecationWarning)  # TLS 1.0 is the device's
device, port, user, password, owner, *strangers = sys.argv[1:]
port = int(port)
line_port = port + 2
aim = port  # where strangers go
tls = port == 16993


def context():
    c = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    c.check_hostname = False
    c.verify_mode = ssl.CERT_NONE
    c.minimum_version = ssl.TLSVersion.TLSv1
    c.set_ciphers('ALL:@SECLEVEL=0')
    return c


def md5(text):
    return hashlib.md5(text.encode()).hexdigest()


class Http:
    """A connection to the service; without an answer it raises."""

    port = port

    def __init__(self, source, timeout):
        self.source, self.timeout = source, timeout
        self.connect()

    def connect(self):
        self.socket = socket.create_connection((device, self.port), self.timeout, (self.source, 0))
        self.socket.settimeout(self.timeout)
        self.buffer = b''
        if tls:
            self.socket = context().wrap_socket(self.socket)

    def close(self):
        self.socket.close()

    def receive(self):
        piece = self.socket.recv(4096)
        if not piece:
            raise EOFError
        self.buffer += piece

    def reply(self):
        while b'\r\n\r\n' not in self.buffer:
            self.receive()
        head, self.buffer = self.buffer.split(b'\r\n\r\n', 1)
        if b'chunked' in head:
            while b'\r\n0\r\n\r\n' not in self.buffer:
                self.receive()
            self.buffer = self.buffer.split(b'\r\n0\r\n\r\n', 1)[1]
        return int(head.split()[1]), head.decode()

    def ask(self, authorization='', body=b''):
        self.socket.sendall(f'POST {PATH} HTTP/1.1\r\nHost: x\r\n{authorization}'
                            f'Content-Length: {len(body)}\r\n\r\n'.encode() + body)
        return self.reply()

    def log_in(self, word):
        status, head = self.ask()
        realm, nonce = re.search(r'realm="([^"]+)", nonce="([^"]+)"', head).groups()
        self.close()  # the challenge ends its connection
        self.connect()
        right = md5(':'.join([md5(f'{user}:{realm}:{word}'), nonce, '00000001', 'c', 'auth',
                              md5(f'POST:{PATH}')]))
        return self.ask(f'Authorization: Digest username="{user}", realm="{realm}", '
                        f'nonce="{nonce}", uri="{PATH}", response="{right}", qop=auth, '
                        f'nc=00000001, cnonce="c"\r\n', VERSION)[0]


START = b'\x10\0\0\0SOL '
LINE_URI = '/RedirectionService'


def texts(*of):
    return b''.join(bytes([len(t)]) + t.encode() for t in of)


def log_in_message(kind, data):
    return struct.pack('<B3xBI', 0x13, kind, len(data)) + data


class Line(Http):
    """A console (AMTTERM): whoever is let in has the serial line."""
    port = line_port

    def take(self, count):
        while len(self.buffer) < count:
            self.receive()
        taken, self.buffer = self.buffer[:count], self.buffer[count:]
        return taken

    def answer(self):
        head = self.take(9)
        return head[1], self.take(struct.unpack('<I', head[5:])[0])

    def begin(self):
        self.socket.sendall(START)
        if self.take(13)[1] != 0:
            raise EOFError

    def challenge(self):
        self.socket.sendall(log_in_message(4, texts(user, '', '', LINE_URI, '', '', '', '')))
        data = self.answer()[1]
        realm = data[1:1 + data[0]]
        nonce = data[2 + len(realm):2 + len(realm) + data[1 + len(realm)]]
        return realm.decode(), nonce.decode()

    def log_in(self, word):
        self.begin()
        realm, nonce = self.challenge()
        right = md5(':'.join([md5(f'{user}:{realm}:{word}'), nonce, '00000002', 'c', 'auth', md5(f'POST:{LINE_URI}')]))
        self.socket.sendall(log_in_message(4, texts(user, realm, nonce, LINE_URI, 'c', '00000002', right, 'auth')))
        return 200 if self.answer()[0] == 0 else 401


def owner_logs_in(door):
    """Seconds, or None. A connection that is ended is made again."""
    began = time.monotonic()
    while (left := BOUND_S - (time.monotonic() - began)) > 0:
        try:
            client = door(owner, left)
            status = client.log_in(password)
            client.close()
            if status == 200:
                return time.monotonic() - began
        except (OSError, EOFError, AttributeError, struct.error, IndexError):
            time.sleep(0.05)
    return None


# --- what strangers do; each is called again and again, from its own thread, until `over` is set

over = threading.Event()


def plain_connection(source):
    return socket.create_connection((device, aim), 3, (source, 0))


def until_it_ends(connection):
    connection.settimeout(0.2)
    while not over.is_set():
        try:
            if not connection.recv(100):
                break
        except TimeoutError:
            pass
    connection.close()


def silent(source):
    until_it_ends(plain_connection(source))


def chatty(source):
    http = Http(source, 3)
    while not over.is_set():
        http.ask()
        time.sleep(0.2)


def coming_and_going(source):
    plain_connection(source).close()
    time.sleep(0.02)


def half_begun(source):
    connection = plain_connection(source)
    connection.sendall(b'\x16\x03\x01\x00\xc8\x01\x00\x00\xc4\x03\x01' if tls
                       else b'POST /wsman HTTP/1.1\r\n')
    until_it_ends(connection)


def dripping(source):
    connection = plain_connection(source)
    connection.settimeout(0.4)
    for byte in b'\x16\x03\x01\x00\xc8\x01\x00\x00\xc4\x03\x01' + bytes(150) if tls else (
            b'POST /wsman HTTP/1.1\r\nA: ' + b'a' * 150):
        connection.sendall(bytes([byte]))
        try:
            if over.is_set() or not connection.recv(100):
                break
        except TimeoutError:
            pass
    connection.close()


def guessing(source):
    (Http if aim == port else Line)(source, 3).log_in('wrong')


def only_starting(source):
    line = Line(source, 3)
    line.begin()
    until_it_ends(line.socket)


def half_logged_in(source):
    line = Line(source, 3)
    line.begin()
    line.socket.sendall(log_in_message(1, texts(user, 'wrong'))[:12])
    until_it_ends(line.socket)


def asking_for_challenges(source):
    line = Line(source, 3)
    line.begin()
    while not over.is_set():
        line.challenge()
        time.sleep(0.1)


# --- frames that no socket sends

def checksum(data):
    data += b'\0' * (len(data) % 2)
    total = sum(struct.unpack(f'!{len(data) // 2}H', data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def packet(source, protocol, payload):
    head = struct.pack('!BBHHHBBH4s4s', 0x45, 0, 20 + len(payload), 1, 0, 64, protocol, 0,
                       socket.inet_aton(source), socket.inet_aton(device))
    return head[:10] + struct.pack('!H', checksum(head)) + head[12:] + payload


def mac_of_device():
    with open('/proc/net/arp') as table:
        for line in table:
            if line.startswith(device + ' '):
                return bytes.fromhex(line.split()[3].replace(':', ''))
    raise LookupError(device)


class Frames:
    def __init__(self):
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
        self.socket.bind(('tap0', 0x0800))
        self.head = mac_of_device() + bytes.fromhex('020000000099') + b'\x08\x00'
        self.count = 0

    def nobody(self):
        """An address of the same network that no station has."""
        self.count += 1
        return device.rsplit('.', 1)[0] + f'.{100 + self.count % 100}'

    def syn(self):
        source = self.nobody()
        head = struct.pack('!HHIIBBHHH', 2000 + self.count, aim, self.count << 12, 0, 0x50, 2,
                           8192, 0, 0)
        pseudo = socket.inet_aton(source) + socket.inet_aton(device) + struct.pack('!HH', 6, 20)
        head = head[:16] + struct.pack('!H', checksum(pseudo + head)) + head[18:]
        self.socket.send(self.head + packet(source, 6, head))

    def ping(self):
        echo = b'\x08\0\0\0abcd' + b'x' * 32
        echo = echo[:2] + struct.pack('!H', checksum(echo)) + echo[4:]
        self.socket.send(self.head + packet(self.nobody(), 1, echo))


def floods(method, a_second):
    def flood(source):
        frames = Frames()
        while not over.is_set():
            getattr(frames, method)()
            time.sleep(1 / a_second)
    return flood


# --- the siege

def attack(doing, source):
    while not over.is_set():
        try:
            doing(source)
        except (OSError, EOFError, AttributeError, struct.error, IndexError):
            time.sleep(0.01)


def besiege(name, *parts, at=port):
    """parts: what is done, on how many connections of each stranger's address."""
    global aim
    if os.environ.get('SIEGE_ONLY', '') not in name:
        return True
    aim = at
    over.clear()
    threads = [threading.Thread(target=attack, args=(doing, source), daemon=True)
               for doing, count in parts for source in strangers for _ in range(count)]
    for thread in threads:
        thread.start()
    time.sleep(1)
    held = True
    doors = (Http, Line) if at == line_port or TRIES > 1 else (Http,)
    for _ in range(TRIES):
        for door in doors:
            took = owner_logs_in(door)
            result = 'not' if took is None else f'after {took:.1f} s'
            print(f'{aim}, {name}: {door.port} {result}', flush=True)
            held = held and took is not None
            time.sleep(0.3)
    over.set()
    for thread in threads:
        thread.join(4)
    return held


def main():
    if owner_logs_in(Http) is None or owner_logs_in(Line) is None:
        print('the owner does not get in, without a siege')
        return 1
    held = [
        besiege('silent', (silent, 3)),
        besiege('chatty', (chatty, 3)),
        besiege('coming and going', (coming_and_going, 3)),
        besiege('half begun', (half_begun, 3)),
        besiege('dripping', (dripping, 2)),
        besiege('SYNs, ten a second', (floods('syn', 10), 1)),
        besiege('pings from nobody, fifty a second', (floods('ping', 50), 1)),
        besiege('six small frames a second', (half_begun, 3), (floods('ping', 3), 1)),
        besiege('wrong passwords', (guessing, 2)),
        besiege('silent', (silent, 3), at=line_port),
        besiege('only a start', (only_starting, 3), at=line_port),
        besiege('half a log-in', (half_logged_in, 3), at=line_port),
        besiege('wrong passwords', (guessing, 2), at=line_port),
    ]
    if TRIES > 1:
        held += [
            besiege('coming and going', (coming_and_going, 3), at=line_port),
            besiege('half begun', (half_begun, 3), at=line_port),
            besiege('asking for challenges', (asking_for_challenges, 2), at=line_port),
            besiege('SYNs, ten a second', (floods('syn', 10), 1), at=line_port),
        ]
    return 0 if all(held) else 1


sys.exit(main())

# SPDX-License-Identifier: Apache-2.0
"""A gRPC service of every kind, over bytes, on 127.0.0.1:$PORT."""
import os
import time
from concurrent import futures

import grpc


def slow(request, context):
    """Answers late; the file that the request names tells that it was cancelled before."""
    for _ in range(100):
        if not context.is_active():
            with open(request.decode(), "w") as file:
                file.write("cancelled")
            return b""
        time.sleep(0.05)
    return b"late"


def unary(request, context):
    context.set_trailing_metadata((("x-length", str(len(request))),))
    return request[::-1]


METHODS = {
    "Unary": grpc.unary_unary_rpc_method_handler(unary),
    "Fail": grpc.unary_unary_rpc_method_handler(
        lambda request, context: context.abort(grpc.StatusCode.FAILED_PRECONDITION, "no: é%")),
    "Slow": grpc.unary_unary_rpc_method_handler(slow),
    "Count": grpc.unary_stream_rpc_method_handler(lambda request, context: (b"%d" % i for i in range(int(request)))),
    "Sum": grpc.stream_unary_rpc_method_handler(lambda requests, context: b"%d" % sum(len(r) for r in requests)),
    "Echo": grpc.stream_stream_rpc_method_handler(lambda requests, context: (r + b"!" for r in requests)),
}


class Service(grpc.GenericRpcHandler):
    def service(self, call):
        return METHODS.get(call.method.rpartition("/")[2])


server = grpc.server(futures.ThreadPoolExecutor(16), options=[("grpc.max_receive_message_length", -1)])
server.add_generic_rpc_handlers((Service(),))
server.add_insecure_port("127.0.0.1:" + os.environ["PORT"])
server.start()
server.wait_for_termination()

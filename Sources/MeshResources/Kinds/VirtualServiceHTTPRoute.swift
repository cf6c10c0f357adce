// SPDX-License-Identifier: Apache-2.0

/// One rule of `spec.http`; the first that matches is taken.
package struct VirtualServiceHTTPRoute: Sendable, Hashable {
    package var name: String?
    /// Any of them; empty matches everything.
    package var match: [HTTPMatchRequest]
    package var route: [HTTPRouteDestination]
    package var redirect: HTTPRedirect?
    package var directResponse: HTTPDirectResponse?
    package var delegate: VirtualServiceDelegate?
    package var rewrite: HTTPRewrite?
    /// Nil and zero: no timeout.
    package var timeout: Duration?
    package var retries: HTTPRetry?
    package var fault: HTTPFaultInjection?
    package var mirrors: [HTTPMirrorPolicy]
    package var corsPolicy: CORSPolicy?
    package var headers: HeaderOperations?

    package init(_ tree: ManifestValue) {
        name = tree.string("name")
        match = tree.list("match", HTTPMatchRequest.init)
        route = tree.list("route", HTTPRouteDestination.init)
        redirect = tree["redirect"].map(HTTPRedirect.init)
        directResponse = tree["directResponse"].map(HTTPDirectResponse.init)
        delegate = tree["delegate"].map(VirtualServiceDelegate.init)
        rewrite = tree["rewrite"].map(HTTPRewrite.init)
        timeout = tree.duration("timeout")
        retries = tree["retries"].map(HTTPRetry.init)
        fault = tree["fault"].map(HTTPFaultInjection.init)
        mirrors = HTTPMirrorPolicy.list(tree)
        corsPolicy = tree["corsPolicy"].map(CORSPolicy.init)
        headers = tree["headers"].map(HeaderOperations.init)
    }
}

/// Another VirtualService that holds the routes.
package struct VirtualServiceDelegate: Sendable, Hashable {
    package var name: String
    package var namespace: String?

    package init(_ tree: ManifestValue) {
        name = tree.string("name") ?? ""
        namespace = tree.string("namespace")
    }
}

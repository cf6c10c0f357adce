// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import ProxyModel
import SwiftProtobuf

/// The steps of the header mutation filter.
enum HeaderStepsDecoder {
    static func decode(
        _ mutations: Envoy_Extensions_Filters_Http_HeaderMutation_V3_Mutations, _ context: FieldContext
    ) throws(DecodingError) -> HeaderSteps {
        HeaderSteps(
            request: try Self.steps(mutations.requestMutations, context, "request_mutations"),
            response: try Self.steps(mutations.responseMutations, context, "response_mutations"))
    }

    private static func steps(
        _ mutations: [Envoy_Config_Common_MutationRules_V3_HeaderMutation], _ context: FieldContext, _ name: String
    ) throws(DecodingError) -> [HeaderSteps.Step] {
        var steps: [HeaderSteps.Step] = []
        for (index, mutation) in mutations.enumerated() {
            let place = context.element(name, index)
            switch mutation.action {
            case .remove(let header): steps.append(.remove(try HeaderMutationDecoder.name(header, place.field("remove"))))
            case .append(let option): steps.append(.edit(try HeaderMutationDecoder.edit(option, place.field("append"))))
            case .removeOnMatch(let match):
                steps.append(
                    .removeMatching(try MatchDecoder.text(match.keyMatcher, place.field("remove_on_match.key_matcher"))))
            case nil: throw place.error("has no action")
            }
        }
        return steps
    }
}

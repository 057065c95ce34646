"""The reviewer's workbench over HTTP: pages, REST, OGC services; started by `zoning serve`.

Every route says who may use it (`zoning.web.routes`); what it does is done by the stages below, in processes of their
own where files of strangers or long computations are concerned (`zoning.web.workers`).
"""

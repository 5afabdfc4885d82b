//! The description of the API, generated from the handlers.

use utoipa::openapi::{
    Components, HttpMethod, Info, License, OpenApi, OpenApiBuilder, PathItem, RefOr,
    path::{Operation, Paths},
    schema::Schema,
    security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
};

use crate::auth::COOKIE;

/// The methods that operations may have.
pub const METHODS: [HttpMethod; 5] =
    [HttpMethod::Get, HttpMethod::Post, HttpMethod::Put, HttpMethod::Delete, HttpMethod::Patch];

/// The operation of a method at a path.
pub fn operation<'a>(item: &'a PathItem, method: &HttpMethod) -> Option<&'a Operation> {
    match method {
        HttpMethod::Get => item.get.as_ref(),
        HttpMethod::Post => item.post.as_ref(),
        HttpMethod::Put => item.put.as_ref(),
        HttpMethod::Delete => item.delete.as_ref(),
        HttpMethod::Patch => item.patch.as_ref(),
        _ => None,
    }
}

/// Adds operations; several methods may share a path.
pub fn join(paths: &mut Paths, more: Paths) {
    for (path, item) in more.paths {
        match paths.paths.get_mut(&path) {
            Some(there) => there.merge_operations(item),
            None => {
                paths.paths.insert(path, item);
            }
        }
    }
}

/// The whole description.
pub fn document(paths: Paths, schemas: Vec<(String, RefOr<Schema>)>) -> OpenApi {
    let mut info = Info::new("Doorstep 家门口", env!("CARGO_PKG_VERSION"));
    info.description = Some(
        "What residents raise, who has it in hand, what was done. Times are RFC 3339; lists answer `items` and `next`; \
         a repeated `Idempotency-Key` is answered again and never done again; refusals are `application/problem+json`."
            .into(),
    );
    info.license = Some(License::new("Apache-2.0"));
    let mut components = Components::new();
    components.schemas.extend(schemas);
    components
        .add_security_scheme("token", SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build()));
    components.add_security_scheme("cookie", SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(COOKIE))));
    let none: [&str; 0] = [];
    OpenApiBuilder::new()
        .info(info)
        .paths(paths)
        .components(Some(components))
        .security(Some([
            SecurityRequirement::default(),
            SecurityRequirement::new("token", none),
            SecurityRequirement::new("cookie", none),
        ]))
        .build()
}

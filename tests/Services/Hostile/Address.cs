using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace EnterprisePortal.Tests.Hostile;

public enum Place { Path, Query, Header, Form }

/// <param name="Kind">As OpenAPI says it: <c>uuid</c>, <c>date</c>, <c>integer</c>, <c>boolean</c> …; <c>string</c> where nothing is
/// said.</param>
public sealed record Field(string Name, Place In, string Kind);

/// <summary>Something that can be asked of a host, and what it takes.</summary>
/// <param name="Template"><c>/api/users/{id}</c></param>
/// <param name="Body">The JSON Schema of its body.</param>
public sealed partial record Address(string Host, string Method, string Template, IReadOnlyList<Field> Fields, JsonElement? Body = null)
{
    public bool TakesForm => Fields.Any(one => one.In == Place.Form);

    /// <summary>What an OpenAPI document describes.</summary>
    public static IEnumerable<Address> In(JsonElement document, string host) =>
        from path in document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        where operation.Value.ValueKind == JsonValueKind.Object
        let content = operation.Value.TryGetProperty("requestBody", out var body)
            ? body.GetProperty("content").EnumerateObject().ToList() : []
        let parameters = operation.Value.TryGetProperty("parameters", out var all) ? all.EnumerateArray().Select(FieldOf) : []
        let schemas = content.Select(type =>
            (Type: type.Name, Schema: type.Value.TryGetProperty("schema", out var schema) ? schema : default)).ToList()
        let form = schemas.FirstOrDefault(type => type.Type.Contains("form", StringComparison.Ordinal)).Schema
        let json = schemas.FirstOrDefault(type => type.Type.Contains("json", StringComparison.Ordinal)).Schema
        select new Address(host, operation.Name.ToUpperInvariant(), Plain(path.Name), [.. parameters, .. FormFields(form)],
            json.ValueKind == JsonValueKind.Object ? json : null);

    static Field FieldOf(JsonElement parameter) => new(parameter.GetProperty("name").GetString()!,
        Enum.Parse<Place>(parameter.GetProperty("in").GetString()!, ignoreCase: true), parameter.TryGetProperty("schema", out var schema)
            ? KindOf(schema) : "string");

    static IEnumerable<Field> FormFields(JsonElement form) =>
        form.ValueKind == JsonValueKind.Object && form.TryGetProperty("properties", out var properties)
        ? properties.EnumerateObject().Select(property => new Field(property.Name, Place.Form, KindOf(property.Value))) : [];

    internal static string KindOf(JsonElement schema) => Text(schema, "format") is "uuid" or "date" or "date-time" ? Text(schema, "format")!
        : schema.TryGetProperty("items", out var items) ? KindOf(items)
        : schema.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.Array
            ? type.EnumerateArray().Select(one => one.GetString()!).FirstOrDefault(one => one is not ("null" or "string")) ?? "string"
            : Text(schema, "type") ?? "string";

    static string? Text(JsonElement schema, string name) =>
        schema.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>What is mapped, also where no document describes it: pages with their parameters, forms, redirects.</summary>
    public static IEnumerable<Address> In(IEnumerable<Endpoint> endpoints, string host) =>
        from endpoint in endpoints.OfType<RouteEndpoint>()
        where endpoint.RoutePattern.RawText is not null
            && endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.StaticAssets.StaticAssetDescriptor>() is null
        let path = endpoint.RoutePattern.Parameters.Select(parameter =>
            new Field(parameter.Name, Place.Path, (parameter.ParameterPolicies is [var policy, ..] ? policy.Content : null) switch
            {
                "guid" => "uuid",
                "int" or "long" => "integer",
                _ => "string"
            })).ToList()
        let others = (endpoint.Metadata.GetMetadata<ComponentTypeMetadata>() is { } page ? OfPage(page.Type)
            : endpoint.Metadata.GetMetadata<MethodInfo>()?.GetParameters().SelectMany(OfHandler) ?? [])
            .Where(field => !path.Any(known => known.Name.Equals(field.Name, StringComparison.OrdinalIgnoreCase)))
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]
        select new Address(host, method, Plain("/" + endpoint.RoutePattern.RawText!.TrimStart('/')), [.. path, .. others]);

    static IEnumerable<Field> OfPage(Type page) =>
        from property in page.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
        let query = property.GetCustomAttribute<SupplyParameterFromQueryAttribute>()
        let form = property.GetCustomAttribute<SupplyParameterFromFormAttribute>()
        where query is not null || form is not null
        select new Field(query?.Name ?? form?.Name ?? property.Name, query is null ? Place.Form : Place.Query,
            KindOf(property.PropertyType));

    static IEnumerable<Field> OfHandler(ParameterInfo parameter) =>
        parameter.GetCustomAttribute<AsParametersAttribute>() is not null
            ? parameter.ParameterType.GetProperties()
            .Select(property => new Field(property.Name, Place.Query, KindOf(property.PropertyType)))
        : parameter.GetCustomAttribute<FromFormAttribute>() is { } form
            ? [new(form.Name ?? parameter.Name!, Place.Form, KindOf(parameter.ParameterType))]
        : parameter.ParameterType == typeof(IFormCollection) ? [new("name", Place.Form, "string")]
        : KindOf(parameter.ParameterType) is var kind && kind != ""
            ? [new(parameter.GetCustomAttribute<FromQueryAttribute>()?.Name ?? parameter.Name!, Place.Query, kind)] : [];

    static string KindOf(Type type) => (Nullable.GetUnderlyingType(type) ?? (type.IsArray ? type.GetElementType()! : type)) switch
    {
        var it when it == typeof(Guid) => "uuid",
        var it when it == typeof(int) || it == typeof(long) => "integer",
        var it when it == typeof(bool) => "boolean",
        var it when it == typeof(DateOnly) => "date",
        var it when it == typeof(DateTimeOffset) => "date-time",
        var it when it == typeof(string) => "string",
        _ => ""
    };

    // {id:guid}, {**phone}, {*phone}
    static string Plain(string template) => Parameter().Replace(template, "{$1}");

    [GeneratedRegex(@"\{\**(\w+)[^}]*\}")]
    private static partial Regex Parameter();
}

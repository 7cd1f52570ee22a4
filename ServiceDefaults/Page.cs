using System.ComponentModel.DataAnnotations;

namespace EnterprisePortal.ServiceDefaults;

/// <summary>One page of a list.</summary>
/// <param name="Next">Pass it as <c>cursor</c> to get the next page; null at the end.</param>
public record Page<T>(IReadOnlyList<T> Items, string? Next);

/// <param name="Total">How many there are on all pages.</param>
public record CountedPage<T>(IReadOnlyList<T> Items, string? Next, int Total) : Page<T>(Items, Next);

/// <summary>Declare as <c>[AsParameters] PageQuery page</c>; a service calls <c>AddValidation()</c>, so a bad limit is a 400.</summary>
// On the property: the OpenAPI document fails to generate with a validation attribute on the constructor's parameter.
public record PageQuery([property: Range(1, 200)] int? Limit, string? Cursor)
{
    public const int Default = 50;
    public int Size => Limit ?? Default;
}

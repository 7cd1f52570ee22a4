using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace EnterprisePortal.ServiceDefaults.Pages;

/// <summary>
/// An element of a table. Phones show rows as cards, and browsers then drop the table roles, so each element states its own.
/// </summary>
public abstract class TablePart(string element, string role, string? scope = null) : ComponentBase
{
    /// <summary>The name of the column, which a card shows above the cell.</summary>
    [Parameter] public string? Label { get; set; }

    [Parameter] public RenderFragment? ChildContent { get; set; }

    [Parameter(CaptureUnmatchedValues = true)] public IReadOnlyDictionary<string, object>? Attributes { get; set; }

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenElement(0, element);
        builder.AddAttribute(1, "role", role);
        builder.AddAttribute(2, "scope", scope);
        builder.AddAttribute(3, "data-label", Label);
        builder.AddMultipleAttributes(4, Attributes);
        builder.AddContent(5, ChildContent);
        builder.CloseElement();
    }
}

public sealed class Row() : TablePart("tr", "row");

public sealed class Column() : TablePart("th", "columnheader", "col");

public sealed class RowHead() : TablePart("th", "rowheader", "row");

public sealed class Cell() : TablePart("td", "cell");

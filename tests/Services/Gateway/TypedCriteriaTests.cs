using EnterprisePortal.Gateway.Pages;

namespace EnterprisePortal.Tests.Gateway;

public class TypedCriteriaTests
{
    [Theory]
    [InlineData("grace", "grace", null, null)]
    [InlineData("  grace   holloway ", "grace holloway", null, null)]
    [InlineData("Zoë O'Brien-Smith", "Zoë O'Brien-Smith", null, null)]
    [InlineData("王小明", "王小明", null, null)]
    [InlineData("grace@example.com", null, "grace@example.com", null)]
    [InlineData("grace@", null, "grace@", null)]
    [InlineData("mailto:Grace@Example.com", null, "Grace@Example.com", null)]
    [InlineData("5550102", null, null, "5550102")]
    [InlineData("+1 (512) 555-0102", null, null, "+1 (512) 555-0102")]
    [InlineData("512.555.0102", null, null, "512.555.0102")]
    [InlineData("512 555 – 0102", null, null, "512 555 0102")]
    [InlineData("tel:+15125550102", null, null, "+15125550102")]
    [InlineData("٠١٠٢", null, null, "٠١٠٢")]
    [InlineData("(512) 555-0102 holloway", "holloway", null, "(512) 555-0102")]
    [InlineData("holloway 0102 grace@example.com", "holloway", "grace@example.com", "0102")]
    [InlineData("\"Holloway, Grace\" <grace@example.com>;", "Holloway Grace", "grace@example.com", null)]
    [InlineData("R2D2", "R2D2", null, null)]
    [InlineData("- @ ,", null, null, null)]
    [InlineData(" ", null, null, null)]
    [InlineData(null, null, null, null)]
    public void What_is_typed_is_told_apart_by_its_look(string? typed, string? name, string? email, string? phone) =>
        Assert.Equal(new TypedCriteria(name, email, phone), TypedCriteria.Read(typed));
}
